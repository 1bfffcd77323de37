package io.walsync.db.staging;

import io.walsync.files.FileIdentity;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.wal.WalPosition;
import org.jspecify.annotations.Nullable;

/**
 * How far one database has been captured, sealed and uploaded: what the {@code position} file says.
 * Immutable: what happens to the database makes another, which counts once {@link Staging#save} has
 * written it.
 */
public final class Position {

  /** The values, as long as a position is being made. */
  static final class Fields implements Cloneable {
    long saveCount;
    String replicaUrl = "";
    String replicaPlace = "";
    long sealedTxid;
    long sealedChecksum;
    long uploadedTxid;
    long segmentSeq;
    long sealedSegmentSeq;
    long tableDigest;
    int pageSize;
    int commit;
    long timestampMillis;
    @Nullable WalPosition wal;
    String walDatabase = "";
    String closedDatabase = "";
    String bootId = "";
    String folder = "";
    boolean isProvisional;
    boolean isDurable;

    Fields copy() {
      try {
        return (Fields) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A segment's TXID is its number, and an LTX file of TXID 1 would have to be a snapshot. */
  private static final long BEFORE_FIRST_SEGMENT = 1;

  private final Fields values;

  /**
   * @param values not to be changed any more
   */
  Position(Fields values) {
    this.values = values;
  }

  /**
   * Before the first snapshot, which will have the TXID after {@code newestTxid}.
   *
   * @param newestTxid that the replica holds already, of use to nobody; 0 as a rule
   */
  public static Position before(long newestTxid) {
    Fields fields = new Fields();
    fields.sealedTxid = newestTxid;
    fields.uploadedTxid = newestTxid;
    fields.segmentSeq = BEFORE_FIRST_SEGMENT;
    fields.sealedSegmentSeq = BEFORE_FIRST_SEGMENT;
    return new Position(fields);
  }

  /** Of a replica whose newest file has this header. */
  public static Position after(LtxHeader newest) {
    return before(newest.maxTxid().value())
        .captured(newest.pageSize(), newest.commit(), newest.timestampMillis());
  }

  /**
   * @param replicaUrl see {@link #replicaUrl()}
   * @param bootId see {@link #bootId()}
   */
  public Position of(String replicaUrl, String bootId) {
    Fields next = values.copy();
    next.replicaUrl = replicaUrl;
    next.bootId = bootId;
    return new Position(next);
  }

  /**
   * The newest staged file has this header's values.
   *
   * @param pageSize bytes
   * @param commit database size in pages
   * @param timestampMillis milliseconds since the epoch
   */
  public Position captured(int pageSize, int commit, long timestampMillis) {
    Fields next = values.copy();
    next.pageSize = pageSize;
    next.commit = commit;
    next.timestampMillis = timestampMillis;
    return new Position(next);
  }

  /**
   * The captured commit ends here.
   *
   * @param place in the WAL; null for none
   * @param database which file the WAL belongs to, as far as the file system says
   */
  public Position at(@Nullable WalPosition place, String database) {
    Fields next = values.copy();
    next.wal = place;
    next.walDatabase = database;
    next.closedDatabase = "";
    return new Position(next);
  }

  /** The database file holds every captured commit, and no WAL exists: this is what it was like. */
  public Position closedAt(String identity) {
    Fields next = values.copy();
    next.wal = null;
    next.closedDatabase = identity;
    return new Position(next);
  }

  /** Where the captured commit ends is not known: the database has to be compared. */
  public Position withoutPlace() {
    Fields next = values.copy();
    next.wal = null;
    next.closedDatabase = "";
    return new Position(next);
  }

  /** The pages of another segment are in the checksum table. */
  Position segment(long seq) {
    Fields next = values.copy();
    next.segmentSeq = seq;
    return new Position(next);
  }

  /** Every segment is in a sealed file, or was given up. */
  Position withoutSegments() {
    Fields next = values.copy();
    next.sealedSegmentSeq = values.segmentSeq;
    return new Position(next);
  }

  /**
   * The newest sealed file.
   *
   * @param checksum see {@link #sealedChecksum}
   */
  Position sealed(Txid txid, long checksum) {
    Fields next = values.copy();
    next.sealedTxid = txid.value();
    next.sealedChecksum = checksum;
    return new Position(next);
  }

  /**
   * The store has everything up to a TXID.
   *
   * @param place where the replica is; null if that was not looked at
   */
  Position uploaded(Txid txid, @Nullable String place) {
    Fields next = values.copy();
    next.uploadedTxid = Math.max(values.uploadedTxid, txid.value());
    next.replicaPlace = place == null ? values.replicaPlace : place;
    return new Position(next);
  }

  /** Whatever the table says, the next that is captured is a snapshot. */
  public Position dueSnapshot() {
    Fields next = values.copy();
    next.pageSize = 0;
    return new Position(next);
  }

  /** What lies in the folder has been proved during this start of the machine. */
  public Position ofBoot(String id) {
    Fields next = values.copy();
    next.bootId = id;
    return new Position(next);
  }

  /** It lies in this folder; see {@link #folder}. */
  Position in(String folder) {
    Fields next = values.copy();
    next.folder = folder;
    return new Position(next);
  }

  /** As it is written down. */
  Position saved(long count, long digest, boolean durably) {
    Fields next = values.copy();
    next.saveCount = count;
    next.tableDigest = digest;
    next.isDurable = durably;
    return new Position(next);
  }

  /** How often it has been saved: of two, the one with more is the newer. */
  long saveCount() {
    return values.saveCount;
  }

  /** URL of the replica the numbers belong to. */
  public String replicaUrl() {
    return values.replicaUrl;
  }

  /** Where the replica was when it was last written, if that can be told of it; else empty. */
  public String replicaPlace() {
    return values.replicaPlace;
  }

  /** Newest TXID given to a sealed file; 0 before the first snapshot. */
  public long sealedTxid() {
    return values.sealedTxid;
  }

  /** Checksum of the database at {@link #sealedTxid}, as LTX defines it; 0 if it is not known. */
  public long sealedChecksum() {
    return values.sealedChecksum;
  }

  /** Newest TXID the store has acknowledged; 0 before the first. */
  public long uploadedTxid() {
    return values.uploadedTxid;
  }

  /** Sequence number of the newest segment whose pages are in the checksum table. */
  public long segmentSeq() {
    return values.segmentSeq;
  }

  /** Segments up to this number are in sealed files, or were given up. */
  public long sealedSegmentSeq() {
    return values.sealedSegmentSeq;
  }

  /** {@link PageChecksums#digest()} when this was saved. */
  public long tableDigest() {
    return values.tableDigest;
  }

  /** Bytes; 0 while a snapshot is due. */
  public int pageSize() {
    return values.pageSize;
  }

  /** Whether the next that is captured has to be a snapshot. */
  public boolean isSnapshotDue() {
    return values.pageSize == 0;
  }

  /** Database size in pages at the captured commit. */
  public int commit() {
    return values.commit;
  }

  /** Time of the newest LTX file, milliseconds since the epoch: times must not run backwards. */
  public long timestampMillis() {
    return values.timestampMillis;
  }

  /** Where the captured commit ends in the WAL, or null when everything is in the database file. */
  public @Nullable WalPosition wal() {
    return values.wal;
  }

  /** Which file the WAL belongs to, as far as the file system says; empty without a WAL. */
  public String walDatabase() {
    return values.walDatabase;
  }

  /**
   * Identity of the database file at a moment when it held every captured commit and no WAL
   * existed, or empty.
   */
  public String closedDatabase() {
    return values.closedDatabase;
  }

  /** Which file the database was when it was last captured, as far as is known; else empty. */
  public String databaseKey() {
    if (values.wal != null) {
      return values.walDatabase;
    }
    return FileIdentity.keyIn(values.closedDatabase);
  }

  /**
   * Identifies this start of the machine: what was not fsynced survives a kill, not a power cut.
   */
  public String bootId() {
    return values.bootId;
  }

  /**
   * Whether an older agent read this back from the replica and had not compared the database with
   * it yet.
   */
  public boolean isProvisional() {
    return values.isProvisional;
  }

  /** {@link FolderLock#identity} of the folder that this was saved in; empty if unknown. */
  String folder() {
    return values.folder;
  }

  /** Whether everything in the folder was fsynced when this was written. */
  public boolean isDurable() {
    return values.isDurable;
  }

  /** When the newest captured commit was made, if the store has it; 0 if not, or if unknown. */
  public long storedMillis() {
    boolean isAllStored =
        values.uploadedTxid == values.sealedTxid && values.segmentSeq == values.sealedSegmentSeq;
    return isAllStored ? values.timestampMillis : 0;
  }
}
