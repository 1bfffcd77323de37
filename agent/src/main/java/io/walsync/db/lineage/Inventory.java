package io.walsync.db.lineage;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxTrailer;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one pass over a replica's listings found, and whether a restore finds all it needs there:
 * asked of the planner that restores use, for there is no other proof.
 */
public final class Inventory {

  /**
   * Nothing shorter is a file of a replica. A file server that lost its power leaves files that are
   * there and empty.
   */
  private static final long LEAST_BYTES = LtxHeader.SIZE + LtxTrailer.SIZE;

  private final long newestTxid;
  private final LtxFileInfo head;
  private final RestoreException gap;
  private final String emptiness;

  private Inventory(long newestTxid, LtxFileInfo head, RestoreException gap, String emptiness) {
    this.newestTxid = newestTxid;
    this.head = head;
    this.gap = gap;
    this.emptiness = emptiness;
  }

  /**
   * Lists every level.
   *
   * @param place where the replica was when it was last written; empty if unknown
   * @throws IOException if it cannot be listed, or is to be somewhere else
   */
  public static Inventory of(ReplicaClient client, String place) throws IOException {
    client.locate(place);
    List<LtxFileInfo> files = ReplicaFiles.list(client);
    return files.isEmpty()
        ? new Inventory(0, null, null, client.explainEmpty())
        : of(client.url(), files);
  }

  private static Inventory of(String url, List<LtxFileInfo> files) {
    long newest = 0;
    List<LtxFileInfo> usable = new ArrayList<>();
    for (LtxFileInfo file : files) {
      newest = Math.max(newest, file.maxTxid().value());
      if (file.sizeBytes() >= LEAST_BYTES) {
        usable.add(file);
      }
    }
    try {
      RestorePlan plan = RestorePlan.of(url, usable, RestoreTarget.latest());
      return new Inventory(newest, plan.files().get(0), null, null);
    } catch (RestoreException e) {
      return new Inventory(newest, null, e, null);
    }
  }

  /** The newest TXID that any level holds, 0 if the replica is empty. */
  public long newestTxid() {
    return newestTxid;
  }

  /** The file that a restore of the newest state begins with, or null if there is no such. */
  public LtxFileInfo head() {
    return head;
  }

  /** Why an empty replica may not be where a replica is to begin, in words; null if it is. */
  public String emptiness() {
    return emptiness;
  }

  /** Why the newest state cannot be restored, or null if it can, or if there is none. */
  public RestoreException gap() {
    return gap;
  }
}
