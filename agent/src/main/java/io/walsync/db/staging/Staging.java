package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.PageList;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one database: what is captured and not yet uploaded, and how far we are.
 *
 * <p>Invariant: the checksum table and the saved position never run ahead of the files they
 * describe, so that a kill at any moment leaves at most a segment whose pages are recorded again.
 *
 * <p>Threading: one thread at a time, the database's; {@link #stagedBytes} may be asked from
 * anywhere.
 */
public final class Staging implements Closeable {

  private static final String POSITION = "position";
  private static final String REFUSED = "refused";
  private static final String FENCED = "fenced";

  private static final int BUFFER_BYTES = 64 * 1024;

  private final Disk disk;
  private final FolderTree tree;
  private final FolderLock lock;
  private final FolderMarks marks;
  private final DiskRoom room;
  private final PositionFile positionFile;
  private final ChecksumTables tables;
  private final PageChecksums checksums;
  private final Segments segments;
  private final SealedFiles sealed;
  private final Timestamps timestamps;

  /** What was saved last; null if this folder is new. */
  private volatile @Nullable Position position;

  /** Whether the position was saved in this folder, and not in one that it is a copy of. */
  private boolean isOriginal;

  /** Why there is no position although there is a file of that name, or null. */
  private @Nullable String damage;

  private Staging(Disk disk, FolderTree tree, FolderLock lock, Timestamps timestamps) {
    this.disk = disk;
    this.tree = tree;
    this.lock = lock;
    this.timestamps = timestamps;
    this.marks = new FolderMarks(disk, tree.root());
    this.room = new DiskRoom(disk, tree.root());
    this.segments = new Segments(disk, tree.segments());
    this.sealed = new SealedFiles(disk, tree.sealed());
    this.positionFile = new PositionFile(disk, new File(tree.root(), POSITION));
    this.tables = new ChecksumTables(disk, tree.root());
    this.checksums = tables.current();
  }

  /**
   * Opens the folder, creates it if need be, and takes its lock.
   *
   * @return null if another process (or another copy of the agent) replicates this database now
   * @throws IOException if the folder cannot be created or written
   */
  public static @Nullable Staging open(Disk disk, File folder) throws IOException {
    return open(disk, folder, Timestamps.unobserved());
  }

  /**
   * As {@link #open(Disk, File)}.
   *
   * @param timestamps where the files of this folder get their times from
   */
  public static @Nullable Staging open(Disk disk, File folder, Timestamps timestamps)
      throws IOException {
    FolderTree tree = new FolderTree(disk, folder);
    tree.create();
    FolderLock lock = FolderLock.take(disk, folder);
    if (lock == null) {
      return null;
    }
    Staging staging = new Staging(disk, tree, lock, timestamps);
    try {
      staging.reload();
    } catch (IOException | RuntimeException | Error e) {
      staging.close();
      throw e;
    }
    return staging;
  }

  /**
   * What was saved last in a folder, whoever uses it; null if there is nothing that can be read.
   */
  public static @Nullable Position lastSaved(File folder) {
    try {
      return new PositionFile(Disk.REAL, new File(folder, POSITION)).load();
    } catch (IOException unreadable) {
      return null;
    }
  }

  /** Why the database of a folder is not replicated, whoever uses it; see {@link #refusal()}. */
  public static RefusalFile refusalIn(File folder) {
    return new RefusalFile(Disk.REAL, new File(folder, REFUSED));
  }

  /** Whether the database of a folder is fenced, whoever uses it; see {@link #fence()}. */
  public static FencedFile fenceIn(File folder) {
    return new FencedFile(Disk.REAL, new File(folder, FENCED));
  }

  /** Reads again what lies in the folder: after a failure, memory and disk may differ. */
  public void reload() throws IOException {
    tree.tidy();
    checksums.close();
    segments.load();
    sealed.forget();
    position = load();
  }

  private @Nullable Position load() throws IOException {
    damage = null;
    isOriginal = false;
    try {
      Position loaded = positionFile.load();
      isOriginal = loaded != null && loaded.folder().equals(lock.identity());
      return loaded;
    } catch (DamagedPositionException damaged) {
      damage = damaged.getMessage();
      return null;
    }
  }

  /** Whether the position was saved in this folder, and not in one that this is a copy of. */
  public boolean isOriginal() {
    return isOriginal;
  }

  /** Why {@link #saved()} is null although a position had been saved; null if none had. */
  public @Nullable String damage() {
    return damage;
  }

  /**
   * Whether the folder that was opened still stands at its path.
   *
   * @throws StagingDamagedException if it was deleted or replaced
   */
  public void checkStillThere() throws IOException {
    if (!positionFile.exists() || !lock.exists()) {
      throw new StagingDamagedException("files were deleted in " + folder());
    }
  }

  public File folder() {
    return tree.root();
  }

  /** What was saved last; null if this folder is new. */
  public @Nullable Position saved() {
    return position;
  }

  /** What was saved last; only if this folder is not new. */
  public Position position() {
    Position saved = position;
    assert saved != null : "nothing was saved in " + folder();
    return saved;
  }

  /**
   * The time for the next file, in milliseconds since the Unix epoch: not before any that has one.
   */
  public long nextTimestampMillis() {
    return timestamps.next(position().timestampMillis());
  }

  public PageChecksums checksums() {
    return checksums;
  }

  /** Saves the position; a kill leaves the old or the new one. */
  public void save(Position newPosition) throws IOException {
    position = positionFile.save(newPosition.in(lock.identity()), checksums.digest(), false);
  }

  /** Makes everything in the folder survive a power cut, and says so in the position. */
  public void saveDurably() throws IOException {
    checksums.sync();
    for (File file : tree.stagedFiles()) {
      try (RandomAccessFile staged = disk.open(file)) {
        staged.getFD().sync();
      }
    }
    position = positionFile.save(position().in(lock.identity()), checksums.digest(), true);
  }

  public ChecksumTables tables() {
    return tables;
  }

  /**
   * Forgets everything but which replica it was about: the next start sees a new folder, whose
   * database is known to have been replicated there.
   */
  public void clear() throws IOException {
    Position cleared = position;
    if (cleared != null) {
      marks.noteReplica(cleared.replicaUrl());
    }
    position = null;
    positionFile.delete();
    for (File file : tree.stagedFiles()) {
      disk.delete(file);
    }
    segments.load();
    sealed.forget();
    states().delete();
    checksums.truncate(0);
    checksums.measure();
  }

  /** What the folder held for another replica. */
  AsideFolder aside() {
    return new AsideFolder(disk, tree);
  }

  public FolderMarks marks() {
    return marks;
  }

  /** Why the database is not replicated, if somebody has to act. */
  public RefusalFile refusal() {
    return new RefusalFile(disk, new File(folder(), REFUSED));
  }

  /** Since when somebody else writes the replica. */
  public FencedFile fence() {
    return new FencedFile(disk, new File(folder(), FENCED));
  }

  public Segments segments() {
    return segments;
  }

  /** Makes sealed files of this folder's segments. */
  public Sealer sealer(PageEncoding encoding) {
    return new Sealer(disk, this, encoding);
  }

  public SealedFiles sealed() {
    return sealed;
  }

  /**
   * The next segment has been written and its pages recorded: saves that.
   *
   * @param captured the position with the segment's end
   */
  public void addSegment(long seq, Position captured) throws IOException {
    segments.add(seq);
    save(captured.segment(seq));
  }

  /**
   * Gives back the room of the segments: the database holds their pages too, and a comparison finds
   * them, for the table knows them no more.
   */
  public void giveUpSegments() throws IOException {
    for (File segment : segments.all()) {
      forgetPagesOf(segment);
    }
    dropSegments(position().withoutPlace());
  }

  /** Whatever the pages in a staged file are, they are unlike the checksum table's. */
  public void forgetPagesOf(File file) throws IOException {
    PageList pages = new PageList();
    try (InputStream in = new BufferedInputStream(read(file), BUFFER_BYTES)) {
      new LtxDecoder(in, file.getPath()).readAll((pgno, page) -> pages.add(pgno, 0));
    }
    checksums.forget(pages.pgnos());
  }

  /** Every segment is in a sealed file, or is given up: saves that, then deletes them. */
  private void dropSegments(Position without) throws IOException {
    save(without.withoutSegments());
    segments.delete(segments.all());
  }

  /**
   * Refuses to fill the disk: an application that cannot write any more is the worse harm.
   *
   * @param bytes about to be written
   * @throws DiskFullException if too little would be left
   */
  public void requireRoom(long bytes) throws DiskFullException {
    room.require(bytes);
  }

  /** Pages to be kept for the time of a scan; a kill leaves nothing of them to the next start. */
  public PageStash stash(String name) {
    return new PageStash(this, disk, folder(), name);
  }

  /** Opens a file of this folder for writing. */
  public LtxFileWriter writer(
      File target, LtxHeader header, PageEncoding encoding, boolean isCompressing)
      throws IOException {
    return new LtxFileWriter(disk, target, header, encoding, isCompressing);
  }

  /**
   * Reads a file of this folder.
   *
   * @throws StagingDamagedException if it is gone
   */
  public InputStream read(File file) throws IOException {
    try {
      return disk.read(file);
    } catch (IOException e) {
      throw StagingDamagedException.unreadable(file, e);
    }
  }

  /** What is in a file that is being sealed. */
  public interface Content {
    /** Writes the file under its name; the checksum table then describes its state. */
    Captured writeTo(File target, Txid txid) throws IOException;
  }

  /**
   * Gives the next TXID to a file that holds everything captured up to now, segments included.
   *
   * <p>A kill may come between any two steps:
   *
   * <ol>
   *   <li>A snapshot does not read the segments, so they are given up before it has its name. With
   *       the name there already, they would be sealed behind it, and bring back older pages. Until
   *       it is written, the position has no page size: a snapshot is due.
   *   <li>The file is written, and gets its name when it is complete. One that has its name and is
   *       not in the position yet, a recovery records.
   *   <li>The state is noted, before the position: a recovery does not note it.
   *   <li>The position is saved, with the segments accounted for.
   *   <li>The segments are deleted; those that are left, {@link Segments#check} deletes.
   *   <li>The file waits for the store, which thus sees none that the position does not know.
   * </ol>
   *
   * @param level of a snapshot or L0
   */
  public void seal(int level, Content content) throws IOException {
    boolean isSnapshot = level == LtxFileInfo.LEVEL_SNAPSHOT;
    if (isSnapshot) {
      dropSegments(position().dueSnapshot());
    }
    Txid txid = Txid.of(position().sealedTxid() + 1);
    Txid first = isSnapshot ? Txid.FIRST : txid;
    File target = sealed.fileOf(level, first, txid);
    Captured written = content.writeTo(target, txid);
    long checksum = Crc64.STORED_FLAG | checksums.digest();
    states().append(txid.value(), checksum);
    dropSegments(written.position().sealed(txid, checksum));
    sealed.add(
        new LtxFileInfo(level, first, txid, target.length(), position().timestampMillis()),
        written.crc());
  }

  /** The states that the database is known to have had. */
  public StateLog states() {
    return new StateLog(disk, new File(folder(), "states"));
  }

  /** Checksum of the database after a sealed file, as LTX defines it; 0 if it is not known. */
  public long databaseChecksum(LtxFileInfo info) {
    return info.maxTxid().value() == position().sealedTxid() ? position().sealedChecksum() : 0;
  }

  /**
   * The store has a sealed file: forgets it here.
   *
   * @param place see {@link Position#replicaPlace}; null if that was not looked at
   */
  public void uploaded(LtxFileInfo file, @Nullable String place) throws IOException {
    save(position().uploaded(file.maxTxid(), place));
    sealed.delete(file);
  }

  /** Bytes captured and not yet acknowledged by the store; 0 if that cannot be told. */
  public long stagedBytes() {
    return tree.stagedBytes();
  }

  /** Releases the lock and the files. */
  @Override
  public void close() throws IOException {
    try {
      checksums.close();
    } finally {
      lock.close();
    }
  }
}
