package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.WalTail;
import io.walsync.testkit.Command;
import io.walsync.testkit.Folders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A power cut with {@code synchronous=NORMAL}: the database and the synced part of its WAL survive,
 * a tail of any length does not, and the agent's folder is as it is, or older. The replica may have
 * what was lost. The next start is another boot of the machine where this process may pretend so.
 */
final class PowerCut implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 3);
    ForkedJvm app = life.app();
    for (int turn = 0; turn < turnCount; turn++) {
      app.ask("open synchronous=NORMAL");
      app.ask("insert 2");
      life.letReplicationBegin();
      app.ask(life.storm(1, 6, 2000, 1000, 0));
      life.drift(1200);
      Signals.stop(app.pid());
      Path early = life.copyOf(life.database());
      Path earlyStaging = life.folder().resolve("staging-" + turn);
      Folders.copy(life.staging(), earlyStaging);
      Signals.goOn(app.pid());
      life.drift(400);
      app.kill();
      life.judgeReplica();
      cut(life, early, earlyStaging);
      app = life.started(anotherBoot(life));
    }
    life.endWell(app);
  }

  /** Nothing was synced since {@code early} if neither file began anew or grew backwards. */
  private static void cut(Life life, Path early, Path earlyStaging) {
    try {
      WalTail before = WalTail.of(early);
      WalTail after = WalTail.of(life.database());
      boolean isUnsynced =
          before.salts() == after.salts()
              && before.salts() != 0
              && Files.mismatch(early, life.database()) < 0;
      if (!isUnsynced) {
        return;
      }
      long span = after.committedBytes() - before.committedBytes();
      long end = before.committedBytes() + (long) (life.random().nextDouble() * span);
      try (RandomAccessFile wal =
          new RandomAccessFile(WalTail.wal(life.database()).toFile(), "rw")) {
        wal.setLength(end);
      }
      // Only processes have it mapped, not the disk.
      Files.deleteIfExists(life.database().resolveSibling("app.db-shm"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (life.random().nextBoolean()) {
      Folders.delete(life.staging());
      Folders.copy(earlyStaging, life.staging());
    }
    LedgerContent survived = life.recovered(life.database());
    life.history().goBackTo(survived);
    life.tally().strikes++;
  }

  private static ForkedJvm.Builder anotherBoot(Life life) {
    ForkedJvm.Builder builder = life.program().agent(life.config());
    if (!canPretend()) {
      return builder;
    }
    try {
      Path boot = life.folder().resolve("boot-id");
      Files.writeString(boot, UUID.nameUUIDFromBytes(longBytes(life)) + "\n");
      return builder.prefix(
          List.of(
              "unshare",
              "-m",
              "sh",
              "-c",
              "mount --bind '" + boot + "' /proc/sys/kernel/random/boot_id && exec \"$0\" \"$@\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] longBytes(Life life) {
    return String.valueOf(life.random().nextLong())
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Root on Linux may. */
  private static boolean canPretend() {
    return Files.exists(Path.of("/usr/bin/unshare"))
        && Command.run(List.of("unshare", "-m", "true"), Map.of(), "").exitCode() == 0;
  }
}
