package io.walsync.cli;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Owner;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody writes a replica at this moment. Of an owner on this machine the kernel tells
 * it. Of any other, and of Litestream, only what was uploaded last does; one that has had nothing
 * to upload for long does not show.
 */
final class LiveOwner {

  /** Longer than an upload interval, and than the outages that a writer gets over by itself. */
  static final long QUIET_MILLIS = TimeUnit.MINUTES.toMillis(10);

  /** A process with the owner's number that began later than this after the claim is another. */
  private static final long CLOCK_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final Path processes;
  private final long nowMillis;
  private final long quietMillis;

  LiveOwner() {
    this(QUIET_MILLIS);
  }

  /**
   * @param quietMillis without an upload for so long, an owner elsewhere counts for dead
   */
  LiveOwner(long quietMillis) {
    this(Paths.get("/proc"), System.currentTimeMillis(), quietMillis);
  }

  /**
   * @param processes where the kernel shows processes, and its own host's name
   */
  LiveOwner(Path processes, long nowMillis) {
    this(processes, nowMillis, QUIET_MILLIS);
  }

  private LiveOwner(Path processes, long nowMillis, long quietMillis) {
    this.processes = processes;
    this.nowMillis = nowMillis;
    this.quietMillis = quietMillis;
  }

  /**
   * Who it is, in words; null if nobody is known to.
   *
   * @param files all of the replica's
   */
  @Nullable String of(ReplicaClient client, List<LtxFileInfo> files) throws IOException {
    Owner owner = client.owner().owner();
    if (!owner.equals(Owner.NOBODY) && isHere(owner)) {
      return isAlive(owner) ? owner.describe() + " replicates to it" : null;
    }
    long newest = Long.MIN_VALUE;
    for (LtxFileInfo file : files) {
      newest =
          file.level() == LtxFileInfo.LEVEL_L0 ? Math.max(newest, file.createdMillis()) : newest;
    }
    long age = Math.max(nowMillis, client.storeMillis()) - newest;
    if (newest == Long.MIN_VALUE || age >= quietMillis) {
      return null;
    }
    String who = owner.equals(Owner.NOBODY) ? "somebody" : owner.describe();
    return who + " may replicate to it: its newest file is " + age / 1000 + " s old";
  }

  private boolean isHere(Owner owner) {
    return !owner.host().isEmpty() && !owner.pid().isEmpty() && owner.host().equals(host());
  }

  private String host() {
    try {
      byte[] name = Files.readAllBytes(processes.resolve("sys/kernel/hostname"));
      return new String(name, StandardCharsets.UTF_8).trim();
    } catch (IOException notTold) {
      return "";
    }
  }

  private boolean isAlive(Owner owner) {
    Path process = processes.resolve(owner.pid());
    try {
      long begunMillis = Files.getLastModifiedTime(process).toMillis();
      return begunMillis <= owner.sinceMillis() + CLOCK_MILLIS;
    } catch (IOException gone) {
      return false;
    }
  }
}
