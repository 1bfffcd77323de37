package io.walsync.db.lineage;

import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.ltx.Crc64;
import io.walsync.restore.RestoredState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database that nobody has watched since the folder was left is what became of its newest
 * state: as {@link Lineage}, from what lies in the folder.
 *
 * <p>Somebody may have put an older state in the database's place while the folder stayed. To
 * compare pages would make that the newest state of the replica.
 */
public final class LocalLineage {

  /** The database goes on from the folder's newest state, as far as can be told. */
  public static final long CONTINUED = 0;

  /** Only the replica can tell. */
  static final long UNKNOWN = -1;

  private final DbSettings settings;
  private final Staging staging;
  private final Baseline baseline;
  private final @Nullable RestoredState restored;
  private boolean isInAnotherFile;

  /**
   * @param restored what a restore has left, or null
   */
  LocalLineage(
      DbSettings settings, Staging staging, Baseline baseline, @Nullable RestoredState restored) {
    this.settings = settings;
    this.staging = staging;
    this.baseline = baseline;
    this.restored = restored;
  }

  /** Whether the database stands in another file than the one that the folder knows. */
  LocalLineage inAnotherFile(boolean isKnown) {
    isInAnotherFile = isKnown;
    return this;
  }

  /**
   * @return the TXID of which the database is an older state, {@link #CONTINUED} or {@link
   *     #UNKNOWN}
   */
  long txidBehind() throws IOException {
    String replicaUrl = settings.replicaUrl();
    boolean isNewest = baseline.find(Crc64.STORED_FLAG | staging.checksums().digest()) >= 0;
    if (isNewest || Lineage.isWanted(restored, baseline)) {
      staging.refusal().delete();
      return CONTINUED;
    }
    if (staging.refusal().reason(replicaUrl) != null || staging.marks().isOfEarlierBoot()) {
      return UNKNOWN;
    }
    TxidsByChecksum states = new TxidsByChecksum();
    long[] known = new long[1];
    long knownFrom =
        staging
            .states()
            .read(
                (txid, checksum) -> {
                  states.put(checksum, txid);
                  known[0] = Math.max(known[0], txid);
                });
    Position position = staging.position();
    long behind = baseline.newestTxid(checksum -> txidOf(checksum, states));
    // The same state may have come again at a TXID that is not known.
    if (known[0] < position.uploadedTxid() || knownFrom > behind + 1) {
      return UNKNOWN;
    }
    if (behind == 0) {
      return isFromElsewhere(position) ? UNKNOWN : CONTINUED;
    }
    // The newest that the store has, if it is that: what lies here is ahead of it, and was given
    // up.
    return behind >= position.uploadedTxid() ? UNKNOWN : behind;
  }

  /** It came from somewhere, and was written before anybody looked. */
  private boolean isFromElsewhere(Position position) {
    return restored != null ? restored.txid().value() != position.uploadedTxid() : isInAnotherFile;
  }

  private long txidOf(long checksum, TxidsByChecksum states) {
    long restoredTxid =
        restored != null && restored.checksum() == checksum ? restored.txid().value() : 0;
    return Math.max(states.get(checksum), restoredTxid);
  }
}
