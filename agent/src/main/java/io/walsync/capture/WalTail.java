package io.walsync.capture;

import io.walsync.wal.WalCount;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;

/**
 * Follows the end of a WAL as far as SQLite counts: reads each frame once, proves it by salt and
 * cumulative checksum up to the checksum of the count, and collects the newest version of every
 * page.
 *
 * <p>Invariants: what {@link #batch()} shows ends at a commit that SQLite has counted. Frames
 * behind the count are never read. Where the WAL has begun anew since, nothing is believed to have
 * been followed unless SQLite has counted just as many commits as were read.
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
    /** Commits may have come and gone unseen: see {@link #gap()}. */
    GAP
  }

  /**
   * Bytes read at once: large enough to make system calls cheap, small enough to stay in the cache.
   */
  private static final int CHUNK_BYTES = 256 * 1024;

  /** Most looks find a commit of a few pages; the large chunk is for threads that found more. */
  private static final int FIRST_CHUNK_BYTES = 32 * 1024;

  /** One for each of the agent's few threads rather than for each of its many databases. */
  private static final ThreadLocal<byte[]> CHUNKS = new ThreadLocal<>();

  /** A WAL that begins anew each time it is read is restarted faster than it can be read. */
  private static final int MAX_READS = 5;

  private final File database;
  private final WalFile wal;
  private final int pageSize;
  private final int frameSize;
  private final byte[] head = new byte[WalHeader.SIZE];

  /** Counts where SQLite has its wal-index in memory; else null. */
  private final SoleCount sole;

  private WalIndex index;
  private String gap = "";

  private WalHeader header;
  private PageOffsets batchPages = new PageOffsets();
  private WalPosition batchStart;
  private WalPosition batchEnd;
  private int commit;

  /** The least size of the database after a commit of the batch. */
  private int leastCommit = Integer.MAX_VALUE;

  /** Of SQLite's count as it stood at {@link #batchEnd}. */
  private int changeCount;

  /** Whether {@link #changeCount} is known: not where another life of the wal-index was left. */
  private boolean isChangeCountKnown;

  /** Where this tail was told to begin, until a look has proved it; null afterwards. */
  private Place unproved;

  /** Whether {@link #batchEnd} is the beginning of the run that the next look finds. */
  private boolean isAtBeginning;

  /** Frames with a commit mark among those that were read last. */
  private int readCommitCount;

  /** Of those, how many only repeat the one before. */
  private int repeatedCount;

  public WalTail(File database, WalFile wal, int pageSize) {
    this(database, wal, pageSize, null);
  }

  /**
   * @param sole counts in place of the wal-index beside the database; null for that one
   */
  public WalTail(File database, WalFile wal, int pageSize, SoleCount sole) {
    this.sole = sole;
    this.database = database;
    this.wal = wal;
    this.pageSize = pageSize;
    this.frameSize = WalFrameHeader.SIZE + pageSize;
  }

  // ---- where to begin

  /**
   * Begins before everything that the WAL holds. The caller knows by other means that nothing was
   * committed that is not in it, nor in the database file.
   */
  public void startAtBeginning() {
    moveTo(null);
    isAtBeginning = true;
    isChangeCountKnown = false;
    unproved = null;
  }

  /**
   * Begins at a position captured earlier, if the WAL still holds exactly what it held then.
   *
   * @return false if the WAL is gone, has begun anew or differs before the position
   */
  public boolean startAt(WalPosition position) throws IOException {
    header = readHeader();
    if (header == null
        || header.salt1() != position.salt1()
        || header.salt2() != position.salt2()
        || !endsWith(position)) {
      return false;
    }
    moveTo(position);
    isAtBeginning = false;
    isChangeCountKnown = false;
    unproved = null;
    return true;
  }

  /**
   * Begins where another tail ended that has followed the same wal-index.
   *
   * @return false if another wal-index stands there now
   */
  public boolean startAt(Place place) throws IOException {
    if (place == null || !place.indexKey.equals(indexKey())) {
      return false;
    }
    moveTo(place.position);
    isAtBeginning = place.position == null;
    changeCount = place.changeCount;
    isChangeCountKnown = true;
    unproved = place;
    header = place.position == null ? null : readHeader();
    return true;
  }

  /**
   * Where the last look ended: enough for a later tail to prove that it has missed nothing, if
   * somebody has kept the wal-index open until then. Were all of them killed in between, SQLite's
   * count has begun anew.
   */
  public static final class Place {
    private final WalPosition position;
    private final int changeCount;
    private final Object indexKey;
    private final Set<String> holders;
    private final boolean isKept;

    private Place(
        WalPosition position,
        int changeCount,
        Object indexKey,
        Set<String> holders,
        boolean isKept) {
      this.position = position;
      this.changeCount = changeCount;
      this.indexKey = indexKey;
      this.holders = holders;
      this.isKept = isKept;
    }

    /** Whether it stands where {@code saved} does; null before the first frame. */
    public boolean isAt(WalPosition saved) {
      return Objects.equals(position, saved);
    }

    /** The same, where this process is known to have kept the wal-index open all the time. */
    public Place keptHere() {
      return new Place(position, changeCount, indexKey, holders, true);
    }
  }

  /** Where the last look ended; null if that cannot be proved later. */
  public Place place() {
    if (sole != null) {
      return isChangeCountKnown
          ? new Place(batchEnd, changeCount, sole, Collections.emptySet(), true)
          : null;
    }
    return isChangeCountKnown && index != null
        ? new Place(batchEnd, changeCount, index.key(), index.otherHolders(database), false)
        : null;
  }

  private Object indexKey() throws IOException {
    return sole != null ? sole : index() == null ? null : index.key();
  }

  /** Whether SQLite has counted through since the place where this tail began. */
  private boolean isCountedThrough() {
    if (unproved == null || unproved.isKept) {
      return true;
    }
    Set<String> now = unproved.holders.isEmpty() ? Collections.emptySet() : index.holders(database);
    return !Collections.disjoint(now, unproved.holders);
  }

  private void moveTo(WalPosition position) {
    batchStart = position;
    batchEnd = position;
    batchPages.clear();
    leastCommit = Integer.MAX_VALUE;
  }

  // ---- looks

  /** Takes in every commit that SQLite has counted since the last look. */
  public Advance advance() throws IOException {
    for (int read = 0; read < MAX_READS; read++) {
      WalCount count = count();
      if (count == null) {
        // Without a wal-index nobody has read the database, so nobody has committed.
        return batchEnd == null || index == null
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

  /** Returns null if the WAL changed while it was read: the count is outdated. */
  private Advance advanceTo(WalCount count) throws IOException {
    if (!isOfOurRun(count)) {
      return enterRun(count);
    }
    long known = frameCount();
    if (count.frameCount() < known) {
      return gap("SQLite counts fewer frames than have been copied");
    }
    if (count.frameCount() == known) {
      if (known > 0 && count.frameChecksum() != batchEnd.checksum()) {
        return gap("the WAL was written anew up to where it had been copied");
      }
      believe(count);
      return Advance.NOTHING;
    }
    if (header == null || !isHeaderOf(batchEnd)) {
      header = readHeader();
    }
    if (header == null || !isHeaderOf(batchEnd) || !readFrames(batchEnd, count)) {
      return isStill(count) ? gap("the WAL does not hold what SQLite has counted") : null;
    }
    believe(count);
    return Advance.COMMITS;
  }

  /** The WAL has begun anew, once or more often, or it is the first that is looked at. */
  private Advance enterRun(WalCount count) throws IOException {
    if (count.frameCount() == 0) {
      return stayBefore(count);
    }
    if (hasBatch()) {
      return gap("the WAL was restarted before everything in it had been copied");
    }
    WalHeader found = readHeader();
    boolean isFound =
        found != null && found.salt1() == count.salt1() && found.salt2() == count.salt2();
    if (!isFound) {
      return isStill(count) ? gap("the WAL is not the one that SQLite has counted") : null;
    }
    WalHeader formerHeader = header;
    WalPosition former = batchEnd;
    header = found;
    WalPosition first =
        new WalPosition(found.salt1(), found.salt2(), WalPosition.FIRST_FRAME, found.checksum());
    moveTo(first);
    boolean isRead = readFrames(first, count);
    boolean isProved =
        isRead
            && (isChangeCountKnown
                ? isFollowed(count.changeCount() - changeCount) && isCountedThrough()
                : isAtBeginning);
    if (isProved) {
      believe(count);
      return Advance.COMMITS;
    }
    header = formerHeader;
    moveTo(former);
    return isStill(count)
        ? gap("the WAL was restarted, and not every commit before that had been copied")
        : null;
  }

  private boolean isFollowed(int growth) {
    return sole == null ? isCounted(growth) : sole.isRunFollowedFrom(changeCount);
  }

  /**
   * Whether SQLite has counted as many commits as were read. Where a sector is written as a whole
   * (psow=0), SQLite repeats the last frame of a commit. Which repeated frames are that, and which
   * are commits, cannot be told; so only as many as there are at least prove that none was missed.
   */
  private boolean isCounted(int growth) {
    return growth == readCommitCount - repeatedCount;
  }

  /** The run that SQLite is about to begin holds nothing yet. */
  private Advance stayBefore(WalCount count) {
    if (!isChangeCountKnown && isAtBeginning) {
      believe(count);
      return Advance.NOTHING;
    }
    boolean isNothingMissed =
        isChangeCountKnown
            && count.changeCount() == changeCount
            && !hasBatch()
            && isCountedThrough();
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
    isAtBeginning = batchEnd == null;
  }

  private boolean isStill(WalCount count) throws IOException {
    return count.isSame(count());
  }

  private Advance gap(String reason) {
    gap = reason;
    return Advance.GAP;
  }

  /** What the last {@link Advance#GAP} was, in words. */
  public String gap() {
    return gap;
  }

  /**
   * SQLite's count as it stands now.
   *
   * @return null if there is none
   */
  public WalCount count() throws IOException {
    if (sole != null) {
      return sole.count(wal);
    }
    return index() == null ? null : index.count();
  }

  /** Whether nothing has been committed beyond what was found. */
  public boolean isAt(WalCount now) {
    if (now == null) {
      return batchEnd == null;
    }
    return isChangeCountKnown
        && changeCount == now.changeCount()
        // A recovery begins to count anew, and may find frames that nobody had counted.
        && now.frameCount() == (isOfOurRun(now) ? frameCount() : 0);
  }

  /** Whether SQLite counts no frame beyond the place where this tail began or last looked. */
  public boolean isAtEnd() throws IOException {
    WalCount now = count();
    return now != null && isOfOurRun(now) && now.frameCount() == frameCount();
  }

  private boolean isOfOurRun(WalCount count) {
    return batchEnd != null
        && count.salt1() == batchEnd.salt1()
        && count.salt2() == batchEnd.salt2();
  }

  private WalIndex index() throws IOException {
    if (index == null && sole == null) {
      index = WalIndex.of(database);
      if (index != null) {
        index.addReader();
      }
    }
    return index;
  }

  /** Whether SQLite's count was ever found. */
  public boolean hasCount() {
    return sole != null || index != null;
  }

  /** Whether the wal-index that is read is the one that stands beside the database. */
  public boolean isIndexInPlace() {
    return index != null && index.isBeside(database);
  }

  /** Reads no more: what was open can be closed once that is safe. */
  public void close() {
    if (index != null) {
      index.removeReader();
      index = null;
    }
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
    if (index != null) {
      WalIndex closing = index;
      boolean isRemoved = !closing.isBeside(database) && file.isAt(database);
      close();
      if (isRemoved) {
        closing.close();
      }
    }
  }

  // ---- frames

  /**
   * Reads from a position to the end of the count.
   *
   * @return false if the frames there are not those that were counted; the batch is as it was then
   */
  private boolean readFrames(WalPosition from, WalCount count) throws IOException {
    PageOffsets found = new PageOffsets();
    byte[] chunk = chunk(FIRST_CHUNK_BYTES);
    long offset = from.offset();
    long checksum = from.checksum();
    long end = WalPosition.FIRST_FRAME + count.frameCount() * frameSize;
    int commitPageCount = 0;
    int least = Integer.MAX_VALUE;
    byte[] last = null;
    readCommitCount = 0;
    repeatedCount = 0;
    while (offset < end) {
      int chunkBytes = (int) Math.min(chunk.length / frameSize * frameSize, end - offset);
      if (wal.read(offset, chunk, chunkBytes) < chunkBytes) {
        return false;
      }
      for (int at = 0; at < chunkBytes; at += frameSize) {
        if (!WalFrameHeader.isValid(header, checksum, chunk, at)) {
          return false;
        }
        commitPageCount = WalFrameHeader.commit(chunk, at);
        if (commitPageCount != 0) {
          readCommitCount++;
          least = Math.min(least, commitPageCount);
          boolean isRepeated =
              at > 0
                  ? isRepeated(chunk, at - frameSize, chunk, at, frameSize)
                  : last != null && isRepeated(last, 0, chunk, 0, frameSize);
          repeatedCount += isRepeated ? 1 : 0;
        }
        found.put(WalFrameHeader.pgno(chunk, at), offset);
        checksum = WalFrameHeader.checksum(chunk, at);
        offset += frameSize;
      }
      if (offset < end) {
        last = Arrays.copyOfRange(chunk, chunkBytes - frameSize, chunkBytes);
      }
      chunk = chunk(CHUNK_BYTES);
    }
    if (checksum != count.frameChecksum() || commitPageCount == 0) {
      return false;
    }
    batchPages.putAll(found);
    commit = commitPageCount;
    leastCommit = Math.min(leastCommit, least);
    batchEnd = new WalPosition(count.salt1(), count.salt2(), offset, checksum);
    return true;
  }

  /** Whether a commit's frame is another one once more. */
  static boolean isRepeated(byte[] before, int beforeAt, byte[] chunk, int at, int frameSize) {
    if (WalFrameHeader.pgno(before, beforeAt) != WalFrameHeader.pgno(chunk, at)
        || WalFrameHeader.commit(before, beforeAt) != WalFrameHeader.commit(chunk, at)) {
      return false;
    }
    for (int i = WalFrameHeader.SIZE; i < frameSize; i++) {
      if (before[beforeAt + i] != chunk[at + i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isHeaderOf(WalPosition position) {
    return header.salt1() == position.salt1() && header.salt2() == position.salt2();
  }

  private byte[] chunk(int bytes) {
    byte[] chunk = CHUNKS.get();
    if (chunk == null || chunk.length < Math.max(bytes, frameSize)) {
      chunk = new byte[Math.max(bytes, frameSize)];
      CHUNKS.set(chunk);
    }
    return chunk;
  }

  private boolean endsWith(WalPosition position) throws IOException {
    if (position.offset() <= WalPosition.FIRST_FRAME) {
      return header.checksum() == position.checksum();
    }
    byte[] frame = new byte[WalFrameHeader.SIZE];
    return wal.read(position.offset() - frameSize, frame, frame.length) == frame.length
        && WalFrameHeader.salt1(frame, 0) == position.salt1()
        && WalFrameHeader.salt2(frame, 0) == position.salt2()
        && WalFrameHeader.checksum(frame, 0) == position.checksum();
  }

  private WalHeader readHeader() throws IOException {
    if (wal.read(0, head, head.length) < head.length) {
      return null;
    }
    try {
      WalHeader parsed = WalHeader.parse(head);
      return parsed.pageSize() == pageSize ? parsed : null;
    } catch (WalFormatException notWritten) {
      return null;
    }
  }

  /**
   * Whether the WAL still is the one the batch was read from: nothing in the batch has been
   * overwritten.
   */
  public boolean isIntact() throws IOException {
    if (sole != null && !sole.isUndisturbed()) {
      return false;
    }
    WalHeader now = batchEnd == null ? null : readHeader();
    return now != null && now.salt1() == batchEnd.salt1() && now.salt2() == batchEnd.salt2();
  }

  /**
   * Whether frames of this run stand behind the count: a transaction on its way to its end, or what
   * is left of one that was rolled back.
   */
  public boolean isFrameBehind() throws IOException {
    if (batchEnd == null) {
      return false;
    }
    byte[] frame = new byte[WalFrameHeader.SIZE];
    return wal.read(batchEnd.offset(), frame, frame.length) == frame.length
        && WalFrameHeader.salt1(frame, 0) == batchEnd.salt1()
        && WalFrameHeader.salt2(frame, 0) == batchEnd.salt2();
  }

  // ---- what was found

  /** What has been committed since the batch was last taken. */
  public WalBatch batch() {
    return new WalBatch(batchPages, commit, leastCommit, batchStart, batchEnd);
  }

  public boolean hasBatch() {
    return batchPages.size() > 0;
  }

  /** The batch is safe elsewhere; the next one begins where it ended. */
  public void taken() {
    batchPages.clear();
    leastCommit = Integer.MAX_VALUE;
    batchStart = batchEnd;
  }

  /** As {@link #taken}; the pages of the batch are the caller's from now on. */
  public PageOffsets takePages() {
    PageOffsets taken = batchPages;
    batchPages = new PageOffsets();
    taken();
    return taken;
  }

  /** Where the last commit ends; null before the first of a WAL. */
  public WalPosition position() {
    return batchEnd;
  }

  /** Bytes of frames in this run of the WAL up to the last commit. */
  public long runBytes() {
    return batchEnd == null ? 0 : batchEnd.offset() - WalPosition.FIRST_FRAME;
  }

  /** Frames in this run of the WAL up to the last commit: SQLite's mxFrame, if nothing is newer. */
  public long frameCount() {
    return runBytes() / frameSize;
  }

  /**
   * Finds the newest frames of some pages among all frames before the batch.
   *
   * @param pgnos ascending
   */
  public PageOffsets findBefore(WalPosition end, int[] pgnos) throws IOException {
    PageOffsets found = new PageOffsets();
    byte[] frame = new byte[WalFrameHeader.SIZE];
    for (long at = WalPosition.FIRST_FRAME; at < end.offset(); at += frameSize) {
      if (wal.read(at, frame, frame.length) < frame.length) {
        break;
      }
      int pgno = WalFrameHeader.pgno(frame, 0);
      if (Arrays.binarySearch(pgnos, pgno) >= 0) {
        found.put(pgno, at);
      }
    }
    return found;
  }
}
