package io.walsync.restore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files a restore applies, oldest first: the first begins at TXID 1, and no TXID is left out.
 */
public final class RestorePlan {

  private final List<LtxFileInfo> files;
  private final @Nullable ClockDoubt doubt;
  private final List<LtxFileInfo> foreign;

  RestorePlan(List<LtxFileInfo> files) {
    this(files, null, Collections.emptyList());
  }

  private RestorePlan(
      List<LtxFileInfo> files, @Nullable ClockDoubt doubt, List<LtxFileInfo> foreign) {
    assert !files.isEmpty() && files.get(0).minTxid().equals(Txid.FIRST);
    this.files = Collections.unmodifiableList(new ArrayList<LtxFileInfo>(files));
    this.doubt = doubt;
    this.foreign = Collections.unmodifiableList(new ArrayList<LtxFileInfo>(foreign));
  }

  /**
   * Chooses the fewest files that reach a target: the newest snapshot that is not too new, then
   * again and again the file that reaches furthest. Of two that reach equally far, the smaller one.
   *
   * @param files all that the replica lists, of all levels, in any order. For a target in time
   *     their times must be exact.
   * @throws NoBackupException if there are none
   * @throws BrokenChainException if TXIDs are missing before the target, or for the latest state
   *     before any file
   * @throws TargetNotReachableException if no file ends at the target, or all are too new
   */
  public static RestorePlan of(String url, List<LtxFileInfo> files, RestoreTarget target)
      throws RestoreException {
    return new RestorePlanner(url, files, target).plan();
  }

  RestorePlan with(@Nullable ClockDoubt about) {
    return new RestorePlan(files, about, foreign);
  }

  RestorePlan without(List<LtxFileInfo> others) {
    return new RestorePlan(files, doubt, others);
  }

  /**
   * As {@link #of}, but files of another history count only where nothing tells them apart: a
   * writer that slept through a takeover may have left a snapshot.
   *
   * @throws IOException also if what is recorded beside a file could not be read
   */
  public static RestorePlan ofOwn(
      ReplicaClient client, List<LtxFileInfo> files, RestoreTarget target) throws IOException {
    return new ForeignFiles(client, files).plan(target);
  }

  /** The files that were left out because they are of another history. */
  public List<LtxFileInfo> foreign() {
    return foreign;
  }

  /** The doubtful times, for a plan that reaches a moment; null if there are none. */
  public @Nullable ClockDoubt doubt() {
    return doubt;
  }

  /** Oldest first. */
  public List<LtxFileInfo> files() {
    return files;
  }

  /** The TXID of the state the plan restores. */
  public Txid txid() {
    return newest().maxTxid();
  }

  /** The newest file: the one that decides size and time of the result. */
  public LtxFileInfo newest() {
    return files.get(files.size() - 1);
  }

  /** Bytes to be fetched. */
  public long sizeBytes() {
    long size = 0;
    for (LtxFileInfo file : files) {
      size += file.sizeBytes();
    }
    return size;
  }

  @Override
  public String toString() {
    return files.size() + " files up to TXID " + txid() + " (" + sizeBytes() + " bytes)";
  }
}
