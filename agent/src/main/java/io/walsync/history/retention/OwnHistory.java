package io.walsync.history.retention;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a replica are of the database's own history, as far as deleting others may depend
 * on it. A restore that begins with a wrong snapshot finds out and takes an older one: so a
 * snapshot makes older files needless only if it is certain.
 *
 * <p>It is certain if nothing older leads there, if a file that ends at the same TXID has the same
 * checksum of the database recorded beside it, or if what is restored from it has the checksum that
 * was recorded. What shows that is evidence, and stays.
 */
final class OwnHistory {

  /** Stores cut times to the second. */
  private static final long TIME_UNIT_MILLIS = 1_000;

  private static final Comparator<LtxFileInfo> NEWEST_FIRST =
      Comparator.comparing(LtxFileInfo::maxTxid).reversed();

  private final ReplicaClient client;
  private final @Nullable Restore restore;
  private final List<LtxFileInfo> own;
  private final List<LtxFileInfo> foreign = new ArrayList<>();
  private final List<LtxFileInfo> late = new ArrayList<>();
  private final List<LtxFileInfo> doubtful = new ArrayList<>();
  private final Set<LtxFileInfo> evidence = new HashSet<>();

  private OwnHistory(ReplicaClient client, @Nullable Restore restore, List<LtxFileInfo> listed) {
    this.client = client;
    this.restore = restore;
    this.own = new ArrayList<>(listed);
  }

  /**
   * Costs a few requests for each snapshot; where nothing is recorded that would make one certain,
   * what is restored from it is read.
   *
   * @param restore reads what is to be read; null if nothing is: then a snapshot for which that
   *     would be needed is not certain
   * @param listed all files of the replica, with the times by which the store had them
   * @throws IOException if the replica could not be read
   */
  static OwnHistory of(ReplicaClient client, @Nullable Restore restore, List<LtxFileInfo> listed)
      throws IOException {
    OwnHistory history = new OwnHistory(client, restore, listed);
    history.leaveOutLate();
    for (LtxFileInfo base : history.bases()) {
      history.leaveOutForeign(base);
    }
    for (LtxFileInfo base : history.bases()) {
      if (!history.isCertain(base)) {
        history.doubtful.add(base);
      }
    }
    history.own.removeAll(history.doubtful);
    return history;
  }

  private List<LtxFileInfo> bases() {
    List<LtxFileInfo> bases = new ArrayList<>();
    for (LtxFileInfo file : own) {
      if (file.isBase()) {
        bases.add(file);
      }
    }
    bases.sort(NEWEST_FIRST);
    return bases;
  }

  /** A file that came after it had been merged is of a writer that had been replaced. */
  private void leaveOutLate() throws IOException {
    List<LtxFileInfo> merged = new ArrayList<>();
    for (LtxFileInfo file : own) {
      if (file.level() != LtxFileInfo.LEVEL_L0 && file.isUsable()) {
        merged.add(file);
      }
    }
    for (LtxFileInfo file : own) {
      if (file.level() == LtxFileInfo.LEVEL_L0 && isLate(file, merged)) {
        late.add(file);
      }
    }
    own.removeAll(late);
  }

  private boolean isLate(LtxFileInfo file, List<LtxFileInfo> merged) throws IOException {
    for (LtxFileInfo other : merged) {
      boolean isEarlierCopy =
          other.minTxid().compareTo(file.minTxid()) <= 0
              && other.maxTxid().compareTo(file.maxTxid()) >= 0
              && other.storedMillis() < file.storedMillis() - TIME_UNIT_MILLIS;
      if (isEarlierCopy) {
        long epoch = client.recordedEpoch(file);
        return epoch != 0 && epoch < client.recordedEpoch(other);
      }
    }
    return false;
  }

  private void leaveOutForeign(LtxFileInfo base) throws IOException {
    if (!own.contains(base)) {
      return;
    }
    List<LtxFileInfo> found;
    try {
      found = RestorePlan.ofOwn(client, own, RestoreTarget.at(base.maxTxid())).foreign();
    } catch (RestoreException onlyByIt) {
      found = Collections.singletonList(base);
    }
    for (LtxFileInfo file : found) {
      own.remove(file);
      foreign.add(file);
    }
    for (LtxFileInfo file : found) {
      LtxFileInfo rival = file.isBase() ? lastUpTo(file.maxTxid()) : base;
      if (rival != null) {
        evidence.add(rival);
      }
    }
  }

  /** The file that ends last of those that end no later; null if there is none. */
  private @Nullable LtxFileInfo lastUpTo(Txid txid) {
    LtxFileInfo last = null;
    for (LtxFileInfo file : own) {
      boolean isBefore =
          file.level() != LtxFileInfo.LEVEL_SNAPSHOT && file.maxTxid().compareTo(txid) <= 0;
      if (isBefore && (last == null || last.maxTxid().compareTo(file.maxTxid()) < 0)) {
        last = file;
      }
    }
    return last;
  }

  private boolean isCertain(LtxFileInfo base) throws IOException {
    if (reachWithout(base) < base.maxTxid().value()) {
      evidence.addAll(sameState(base));
      return true; // it takes no other's place
    }
    long checksum = client.recordedDatabaseChecksum(base);
    if (checksum == 0) {
      return client.recordedEpoch(base) == 0 || isProved(base); // Litestream records nothing
    }
    for (LtxFileInfo file : sameState(base)) {
      if (client.recordedDatabaseChecksum(file) == checksum) {
        evidence.add(file);
        return true;
      }
    }
    return isProved(base);
  }

  /** The increments that lead to the very state that a snapshot holds. */
  private List<LtxFileInfo> sameState(LtxFileInfo base) {
    List<LtxFileInfo> same = new ArrayList<>();
    for (LtxFileInfo file : own) {
      if (file.level() != LtxFileInfo.LEVEL_SNAPSHOT && file.maxTxid().equals(base.maxTxid())) {
        same.add(file);
      }
    }
    return same;
  }

  /** How far files lead that do not end behind a snapshot, without it. */
  private long reachWithout(LtxFileInfo base) {
    List<LtxFileInfo> others = new ArrayList<>();
    for (LtxFileInfo file : own) {
      boolean isOther =
          file.isBase() ? file.maxTxid().compareTo(base.maxTxid()) < 0 : file.isUsable();
      if (isOther) {
        others.add(file);
      }
    }
    others.sort(Comparator.comparing(LtxFileInfo::minTxid));
    long reached = 0;
    for (LtxFileInfo file : others) {
      if (file.minTxid().value() - 1 > reached) {
        break;
      }
      reached = Math.max(reached, file.maxTxid().value());
    }
    return reached;
  }

  private boolean isProved(LtxFileInfo base) throws IOException {
    if (restore == null) {
      return false;
    }
    LtxFileInfo next = null;
    for (LtxFileInfo file : own) {
      boolean isBehind =
          !file.isBase()
              && file.isUsable()
              && file.maxTxid().compareTo(base.maxTxid()) > 0
              && file.minTxid().value() - 1 <= base.maxTxid().value();
      if (isBehind && (next == null || file.maxTxid().compareTo(next.maxTxid()) < 0)) {
        next = file;
      }
    }
    if (next == null) {
      return false;
    }
    try {
      RestorePlan plan = RestorePlan.of(client.url(), own, RestoreTarget.at(next.maxTxid()));
      long recorded = client.recordedDatabaseChecksum(plan.newest());
      return plan.files().get(0).equals(base)
          && recorded != 0
          && recorded == restore.prove(plan).checksum();
    } catch (RestoreException damaged) {
      return false;
    }
  }

  /** The files that a restore may be planned with. */
  List<LtxFileInfo> own() {
    return Collections.unmodifiableList(own);
  }

  /** Own files that show which others are right. */
  Set<LtxFileInfo> evidence() {
    return Collections.unmodifiableSet(evidence);
  }

  /** Of another history, as a restore tells it. */
  List<LtxFileInfo> foreign() {
    return Collections.unmodifiableList(foreign);
  }

  /** Of a writer that had been replaced when they came. */
  List<LtxFileInfo> late() {
    return Collections.unmodifiableList(late);
  }

  /** Snapshots of which nothing shows that they are the database's. */
  List<LtxFileInfo> doubtful() {
    return Collections.unmodifiableList(doubtful);
  }
}
