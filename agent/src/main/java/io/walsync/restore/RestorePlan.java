package io.walsync.restore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
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

  RestorePlan(List<LtxFileInfo> files) {
    this(files, null);
  }

  private RestorePlan(List<LtxFileInfo> files, @Nullable ClockDoubt doubt) {
    assert !files.isEmpty() && files.get(0).minTxid().equals(Txid.FIRST);
    this.files = Collections.unmodifiableList(new ArrayList<LtxFileInfo>(files));
    this.doubt = doubt;
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
    return new RestorePlan(files, about);
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
