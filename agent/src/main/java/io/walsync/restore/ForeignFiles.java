package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.Owner;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a snapshot that another history has left in a replica from those of the replica's own: a
 * writer that slept through a takeover may bring one late, under a name that nobody else uses.
 *
 * <p>A plan that begins with a snapshot is compared with the file before it: the one that ends
 * last, but no later. Their epochs must not fall, and if both end at the same TXID, the database
 * must have the same checksum. Nothing is asked where no file ends before the snapshot does, or
 * where nothing is recorded (files of Litestream).
 */
final class ForeignFiles {

  /** Each costs up to five requests; a replica with more of them is beyond guessing. */
  private static final int MAX_FOREIGN = 8;

  private final ReplicaClient client;
  private final List<LtxFileInfo> own;
  private final List<LtxFileInfo> foreign = new ArrayList<>();

  /**
   * @param listed all files of the replica, of all levels
   */
  ForeignFiles(ReplicaClient client, List<LtxFileInfo> listed) {
    this.client = client;
    this.own = new ArrayList<>(listed);
  }

  /**
   * A plan without foreign files.
   *
   * @throws RestoreException as {@link RestorePlan#of} does
   * @throws IOException if what is recorded beside a file could not be read
   */
  RestorePlan plan(RestoreTarget target) throws IOException {
    RestorePlan plan = RestorePlan.of(client.url(), own, target);
    while (foreign.size() < MAX_FOREIGN) {
      LtxFileInfo found = foreignOf(plan);
      if (found == null) {
        break;
      }
      foreign.add(found);
      own.remove(found);
      plan = RestorePlan.of(client.url(), own, target);
    }
    return foreign.isEmpty() ? plan : plan.without(foreign);
  }

  private @Nullable LtxFileInfo foreignOf(RestorePlan plan) throws IOException {
    LtxFileInfo snapshot = plan.files().get(0);
    LtxFileInfo rival = snapshot.isBase() ? before(snapshot) : null;
    try {
      return rival == null ? null : foreignOf(snapshot, rival);
    } catch (LtxFileMissingException gone) {
      return null; // who fetches it, finds out
    }
  }

  /** The file that ends last of those that end no later than a snapshot; null if there is none. */
  private @Nullable LtxFileInfo before(LtxFileInfo snapshot) {
    LtxFileInfo last = null;
    for (LtxFileInfo file : own) {
      boolean isBefore =
          file.level() != LtxFileInfo.LEVEL_SNAPSHOT
              && file.maxTxid().compareTo(snapshot.maxTxid()) <= 0;
      if (isBefore && (last == null || last.maxTxid().compareTo(file.maxTxid()) < 0)) {
        last = file;
      }
    }
    return last;
  }

  private @Nullable LtxFileInfo foreignOf(LtxFileInfo snapshot, LtxFileInfo rival)
      throws IOException {
    long epoch = client.recordedEpoch(snapshot);
    if (epoch == 0) {
      return null;
    }
    long rivalEpoch = client.recordedEpoch(rival);
    boolean isFalling = epoch < rivalEpoch;
    if (!isFalling && !isOtherDatabase(snapshot, rival)) {
      return null;
    }
    // Two writers of one TXID: the later owner's counts, if that owner ever was one.
    boolean isRivalOwners = isFalling && isClaimed(rivalEpoch);
    boolean isSnapshotOwners = epoch > rivalEpoch && rivalEpoch != 0 && isClaimed(epoch);
    boolean isSnapshotForeign =
        isFalling ? isRivalOwners : !isSnapshotOwners; // level 0 is ordered by its names
    return isSnapshotForeign ? snapshot : rival;
  }

  private boolean isOtherDatabase(LtxFileInfo snapshot, LtxFileInfo rival) throws IOException {
    if (!snapshot.maxTxid().equals(rival.maxTxid())) {
      return false;
    }
    long checksum = client.recordedDatabaseChecksum(snapshot);
    long rivalChecksum = checksum == 0 ? 0 : client.recordedDatabaseChecksum(rival);
    return rivalChecksum != 0 && rivalChecksum != checksum;
  }

  private boolean isClaimed(long epoch) throws IOException {
    Owner owner = client.owner().owner();
    return owner.equals(Owner.NOBODY) || epoch <= owner.epoch();
  }
}
