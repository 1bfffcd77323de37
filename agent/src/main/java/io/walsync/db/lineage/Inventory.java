package io.walsync.db.lineage;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxTrailer;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one listing of a replica found, and whether a restore finds all it needs there. The planner
 * that restores use decides that; there is no other proof.
 */
public final class Inventory {

  /** Shorter files do not count: a file server that lost its power can leave empty ones. */
  private static final long LEAST_BYTES = LtxHeader.SIZE + LtxTrailer.SIZE;

  private final long newestTxid;
  private final @Nullable LtxFileInfo head;
  private final @Nullable LtxFileInfo oldest;
  private final @Nullable RestoreException gap;
  private final @Nullable String emptiness;
  private final List<LtxFileInfo> files;

  private Inventory(
      long newestTxid,
      @Nullable LtxFileInfo head,
      @Nullable LtxFileInfo oldest,
      @Nullable RestoreException gap,
      @Nullable String emptiness,
      List<LtxFileInfo> files) {
    this.files = files;
    this.newestTxid = newestTxid;
    this.head = head;
    this.oldest = oldest;
    this.gap = gap;
    this.emptiness = emptiness;
  }

  /**
   * Lists every level.
   *
   * @param place where the replica was when it was last written, see {@link
   *     io.walsync.db.staging.Position#replicaPlace}; empty if unknown
   * @throws IOException if it cannot be listed, or is not at that place
   */
  public static Inventory of(ReplicaClient client, String place) throws IOException {
    client.locate(place);
    List<LtxFileInfo> files = ReplicaFiles.list(client);
    return files.isEmpty()
        ? new Inventory(0, null, null, null, client.explainEmpty(), files)
        : of(client.url(), files);
  }

  private static Inventory of(String url, List<LtxFileInfo> files) {
    long newest = 0;
    LtxFileInfo oldest = null;
    List<LtxFileInfo> usable = new ArrayList<>();
    for (LtxFileInfo file : files) {
      newest = Math.max(newest, file.maxTxid().value());
      if (file.sizeBytes() >= LEAST_BYTES) {
        usable.add(file);
        oldest = isOlder(file, oldest) ? file : oldest;
      }
    }
    try {
      RestorePlan plan = RestorePlan.of(url, usable, RestoreTarget.latest());
      return new Inventory(newest, plan.files().get(0), oldest, null, null, files);
    } catch (RestoreException e) {
      return new Inventory(newest, null, oldest, e, null, files);
    }
  }

  private static boolean isOlder(LtxFileInfo file, @Nullable LtxFileInfo known) {
    return file.minTxid().equals(Txid.FIRST)
        && (known == null || file.maxTxid().value() < known.maxTxid().value());
  }

  /** What it is compared with, in words. */
  public String beside(long foundTxid, long uploadedTxid) {
    return "its newest TXID is "
        + newestTxid
        + ", here "
        + foundTxid
        + " was found and "
        + uploadedTxid
        + " uploaded";
  }

  /** All that was listed, of all levels. */
  public List<LtxFileInfo> files() {
    return Collections.unmodifiableList(files);
  }

  /** The oldest whole image of the database; null if there is none. */
  public @Nullable LtxFileInfo oldest() {
    return oldest;
  }

  /** The newest TXID that any level holds, 0 if the replica is empty. */
  public long newestTxid() {
    return newestTxid;
  }

  /** The file that a restore of the newest state begins with; null if there is none. */
  public @Nullable LtxFileInfo head() {
    return head;
  }

  /**
   * Why it is doubtful that a new replica should begin in this empty place, in words; null if it is
   * not.
   */
  public @Nullable String emptiness() {
    return emptiness;
  }

  /** Why the newest state cannot be restored; null if it can, or if the replica is empty. */
  public @Nullable RestoreException gap() {
    return gap;
  }
}
