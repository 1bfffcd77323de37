package io.walsync.db.tail;

import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalHeader;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the end of a WAL as far as SQLite counts, and collects the newest version of every page
 * that was committed since the last {@link #taken}.
 *
 * <pre>
 *   WAL   header | frame frame | frame frame frame | frame frame | frame ...
 *                              ^                   ^             ^
 *                            start                end      SQLite's count
 *
 *                  is safe       the batch: read     the next      behind the count:
 *                  elsewhere     and proved          advance()     not believed
 * </pre>
 *
 * <p>{@link #advance} moves the end to the count; {@link #taken} moves the start to the end. Both
 * are null before the first frame that is looked at.
 *
 * <p>Invariants: what {@link #batch()} shows ends at a commit that SQLite has counted. Frames
 * behind the count are in no batch. After a restart of the WAL, a look counts as complete only if
 * SQLite has counted exactly as many commits as were read.
 *
 * <p>Threading: one thread at a time.
 */
public final class WalTail {

  /** What a look at the WAL found. */
  public enum Advance {
    /** No new commit since the last look. */
    NOTHING,
    /** New commits, which the batch now includes. */
    COMMITS,
    /** Commits may have been overwritten before they were seen: see {@link #gap()}. */
    GAP
  }

  /** Most readings in one look: a WAL that restarts in each is too fast to be read. */
  private static final int MAX_READS = 5;

  private final WalFile wal;
  private final WalFrames frames;
  private final CommitCount counted;
  private String gap = "";

  private final OpenBatch batch = new OpenBatch();
  private @Nullable WalHeader header;

  /** {@link WalCount#changeCount} at the end of the batch. */
  private int changeCount;

  /** Whether {@link #changeCount} is known: not if the place is of an earlier wal-index. */
  private boolean isChangeCountKnown;

  /** The place where this tail was told to begin, until a look has proved it; then null. */
  private @Nullable WalPlace unproved;

  /** Whether the end of the batch is the beginning of the run that the next look finds. */
  private boolean isAtBeginning;

  /** How many of the commits read last do not repeat the one before. */
  private int readCommitCount;

  public WalTail(File database, WalFile wal, int pageSize) {
    this(wal, pageSize, new IndexCount(database));
  }

  /**
   * Of a database that one connection has to itself.
   *
   * @param sole counts instead of the wal-index
   */
  public WalTail(WalFile wal, int pageSize, SoleCount sole) {
    this(wal, pageSize, new KeptCount(sole));
  }

  private WalTail(WalFile wal, int pageSize, CommitCount counted) {
    this.wal = wal;
    this.frames = new WalFrames(wal, pageSize);
    this.counted = counted;
  }

  // ---- where to begin

  /**
   * Begins before the first frame of the WAL. The caller knows by other means that every commit is
   * in the WAL or in the database file.
   */
  public void startAtBeginning() {
    batch.moveTo(null);
    isAtBeginning = true;
    isChangeCountKnown = false;
    unproved = null;
  }

  /**
   * Begins at a position captured earlier, if the WAL still holds exactly what it held then.
   *
   * @return false if the WAL is removed, was restarted or differs before the position
   */
  public boolean startAt(WalPosition position) throws IOException {
    WalHeader found = frames.header();
    header = found;
    if (found == null
        || !WalFrames.isBefore(found, position)
        || !frames.endsWith(found, position)) {
      return false;
    }
    batch.moveTo(position);
    isAtBeginning = false;
    isChangeCountKnown = false;
    unproved = null;
    return true;
  }

  /**
   * Begins at the place where another tail of the same wal-index has ended.
   *
   * @return false if there is another wal-index now
   */
  public boolean startAt(@Nullable WalPlace place) throws IOException {
    if (place == null || !place.isOf(counted.key())) {
      return false;
    }
    batch.moveTo(place.position());
    isAtBeginning = place.position() == null;
    changeCount = place.changeCount();
    isChangeCountKnown = true;
    unproved = place;
    header = place.position() == null ? null : frames.header();
    return true;
  }

  /** The place at which the last look ended; null if it cannot be proved later. */
  public @Nullable WalPlace place() {
    return isChangeCountKnown && counted.isFound() ? counted.place(batch.end(), changeCount) : null;
  }

  // ---- looks

  /** Reads every commit that SQLite has counted since the last look. */
  public Advance advance() throws IOException {
    for (int read = 0; read < MAX_READS; read++) {
      WalCount count = count();
      if (count == null) {
        // Without a wal-index nobody has read the database, so nobody can have committed.
        return batch.end() == null || !counted.hasIndex()
            ? Advance.NOTHING
            : gap("the wal-index cannot be read");
      }
      Advance advance = advanceTo(count);
      if (advance != null) {
        return advance;
      }
    }
    return gap("the WAL began anew each time it was read");
  }

  /** Reads up to a count; null if the WAL changed meanwhile, so that the count is outdated. */
  private @Nullable Advance advanceTo(WalCount count) throws IOException {
    WalPosition end = batch.end();
    if (end == null || !isOfOurRun(count)) {
      return enterRun(count);
    }
    long known = frameCount();
    if (count.frameCount() < known) {
      return gap("SQLite counts fewer frames than have been copied");
    }
    if (count.frameCount() == known) {
      if (known > 0 && count.frameChecksum() != end.checksum()) {
        return gap("the WAL was written anew up to where it had been copied");
      }
      believe(count);
      return Advance.NOTHING;
    }
    if (!WalFrames.isBefore(header, end)) {
      header = frames.header();
    }
    WalHeader run = header;
    if (run == null || !WalFrames.isBefore(run, end) || !readFrames(run, end, count)) {
      return isStill(count) ? gap("the WAL does not hold what SQLite has counted") : null;
    }
    believe(count);
    return Advance.COMMITS;
  }

  /** Begins to read another run of the WAL, or the first that is looked at. */
  private @Nullable Advance enterRun(WalCount count) throws IOException {
    if (count.frameCount() == 0) {
      return stayBefore(count);
    }
    if (hasBatch()) {
      return gap("the WAL was restarted before everything in it had been copied");
    }
    WalHeader found = frames.header();
    if (found == null || found.salt1() != count.salt1() || found.salt2() != count.salt2()) {
      return isStill(count) ? gap("the WAL is not the one that SQLite has counted") : null;
    }
    WalHeader formerHeader = header;
    WalPosition former = batch.end();
    header = found;
    WalPosition first =
        new WalPosition(found.salt1(), found.salt2(), WalPosition.FIRST_FRAME, found.checksum());
    batch.moveTo(first);
    boolean isRead = readFrames(found, first, count);
    boolean isProved =
        isRead
            && (isChangeCountKnown
                ? counted.isFollowed(
                        changeCount, count.changeCount() - changeCount, readCommitCount)
                    && counted.hasCountedThroughSince(unproved)
                : isAtBeginning);
    if (isProved) {
      believe(count);
      return Advance.COMMITS;
    }
    header = formerHeader;
    batch.moveTo(former);
    return isStill(count)
        ? gap("the WAL was restarted, and not every commit before that had been copied")
        : null;
  }

  /** Waits before a run in which SQLite has written nothing yet. */
  private Advance stayBefore(WalCount count) {
    if (!isChangeCountKnown && isAtBeginning) {
      believe(count);
      return Advance.NOTHING;
    }
    boolean isNothingMissed =
        isChangeCountKnown
            && count.changeCount() == changeCount
            && !hasBatch()
            && counted.hasCountedThroughSince(unproved);
    if (isNothingMissed) {
      unproved = null;
      return Advance.NOTHING;
    }
    return gap("the WAL was emptied, and not every commit before that had been copied");
  }

  private void believe(WalCount count) {
    changeCount = count.changeCount();
    isChangeCountKnown = true;
    unproved = null;
    isAtBeginning = batch.end() == null;
  }

  private boolean isStill(WalCount count) throws IOException {
    return count.isSame(count());
  }

  private Advance gap(String reason) {
    gap = reason;
    return Advance.GAP;
  }

  /** Why the last look found a {@link Advance#GAP}, in words. */
  public String gap() {
    return gap;
  }

  /**
   * SQLite's count as it stands now.
   *
   * @return null if there is none
   */
  public @Nullable WalCount count() throws IOException {
    return counted.now(wal);
  }

  /** Whether nothing has been committed beyond what was found. */
  public boolean isAt(@Nullable WalCount now) {
    if (now == null) {
      return batch.end() == null;
    }
    return isChangeCountKnown
        && changeCount == now.changeCount()
        // A recovery begins to count anew, and may count frames that were not counted before.
        && now.frameCount() == (isOfOurRun(now) ? frameCount() : 0);
  }

  /** Whether SQLite counts no frame beyond the place where this tail began or last looked. */
  public boolean isAtEnd() throws IOException {
    WalCount now = count();
    return now != null && isOfOurRun(now) && now.frameCount() == frameCount();
  }

  private boolean isOfOurRun(WalCount count) {
    return batch.end() != null
        && count.salt1() == batch.end().salt1()
        && count.salt2() == batch.end().salt2();
  }

  /** Whether SQLite's count was ever found. */
  public boolean hasCount() {
    return counted.isFound();
  }

  /** Whether the wal-index that is read is the one that stands beside the database. */
  public boolean isIndexInPlace() {
    return counted.isIndexInPlace();
  }

  /** Ends reading. What is open is closed once that is safe. */
  public void close() {
    counted.close();
  }

  /**
   * As {@link #close}, with no connection to the database left in this process: a wal-index that
   * SQLite's last close has removed is closed at once, since nobody has a lock on it. An
   * application that opens a connection for each statement would have hundreds of them.
   *
   * @param file the database; if it stands at its path no more, its folder was renamed, and under
   *     the new name it may be open here again, with locks on this very wal-index
   */
  public void closeRemoved(DatabaseFile file) {
    counted.closeRemoved(file);
  }

  // ---- frames

  /** Reads the counted frames; false, with the batch unchanged, if there are others. */
  private boolean readFrames(WalHeader run, WalPosition from, WalCount count) throws IOException {
    WalFrames.Commits commits = frames.read(run, from, count);
    if (commits == null) {
      return false;
    }
    readCommitCount = commits.commitCount() - commits.repeatedCount();
    batch.add(commits);
    return true;
  }

  /**
   * Whether the WAL still is the one the batch was read from: nothing in the batch has been
   * overwritten.
   */
  public boolean isIntact() throws IOException {
    return !counted.isDisturbed()
        && batch.end() != null
        && WalFrames.isBefore(frames.header(), batch.end());
  }

  /** Whether there are frames after the count: of a running or a rolled-back transaction. */
  public boolean isFrameBehind() throws IOException {
    return batch.end() != null && frames.isAnyAt(batch.end());
  }

  // ---- what was found

  /** The commits since the batch was last taken. */
  public WalBatch batch() {
    return batch.toBatch();
  }

  public boolean hasBatch() {
    return !batch.isEmpty();
  }

  /** Ends the batch: its pages are safe elsewhere. The next one begins where it ends. */
  public void taken() {
    batch.taken();
  }

  /** As {@link #taken}; the caller owns the returned pages. */
  public PageOffsets takePages() {
    return batch.takePages();
  }

  /** The position after the last commit; null before the first commit of a WAL. */
  public @Nullable WalPosition position() {
    return batch.end();
  }

  /** Bytes of frames in this run of the WAL up to the last commit. */
  public long runBytes() {
    return batch.end() == null ? 0 : batch.end().offset() - WalPosition.FIRST_FRAME;
  }

  /** Frames in this run of the WAL up to the last commit: SQLite's mxFrame, if nothing is newer. */
  public long frameCount() {
    return runBytes() / frames.frameSize();
  }

  /** Finds the newest frames of some pages, ascending, among all before a position. */
  public PageOffsets findBefore(WalPosition end, int[] pgnos) throws IOException {
    return frames.findBefore(end, pgnos);
  }
}
