package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.db.tail.PageOffsets;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalFile;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.ltx.Crc64;
import io.walsync.ltx.PageChecksum;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a database was when this process first looked at it, and every state that led there as far
 * as it is still to be seen: the file alone, and the file under each commit of the WAL. A state is
 * known by its checksum (that of LTX: the exclusive or of its pages'), so the one that a replica
 * holds is found among them although commits have followed.
 *
 * <p>Pages that a checkpoint has copied from a commit further on make the states before that commit
 * unlike any that ever were; they are found nowhere, which proves nothing.
 *
 * <p>Memory: 13 bytes a frame of the WAL, 36 a commit, one bit a page; the checksums of the file's
 * pages lie on disk.
 *
 * <p>Threading: made by the database's thread; afterwards read by one thread at a time.
 */
public final class Baseline {

  /** Receives the pages of one state. */
  interface Pages {
    /**
     * Some pages with ascending numbers.
     *
     * @param checksums entries from 0 to {@code count}, the lock page's as {@link
     *     PageChecksums#NONE}
     * @param isEmpty which of them hold nothing, by index
     */
    void take(int firstPgno, long[] checksums, BitSet isEmpty, int count) throws IOException;
  }

  /** Read again so often if somebody writes the file or restarts the WAL meanwhile. */
  private static final int MAX_SCANS = 5;

  private static final int BUFFER_BYTES = 256 * 1024;

  /** The state that the file has without its WAL. */
  static final int FILE_ALONE = 0;

  /** Pages that {@link Pages} takes at once at most. */
  static final int CHUNK = 8192;

  private final Object fileKey;
  private final int pageSize;
  private final FilePages filePages;

  /** Null if no WAL stood beside the file. */
  private @Nullable WalHeader header;

  private int[] framePgnos = new int[256];
  private long[] frameChecksums = new long[256];
  private final BitSet emptyFrames = new BitSet();
  private int frameCount;

  /** For each state: how many frames it takes, its size, its place in the WAL, its checksum. */
  private int[] stateFrames = new int[16];

  private int[] stateCommits = new int[16];
  private long[] stateWalChecksums = new long[16];
  private long[] stateChecksums = new long[16];
  private int stateCount;

  /** Of the newest state, and of the newest frame of the first page. */
  private int changeCounter;

  private int frameChangeCounter;

  private Baseline(DatabaseFile file, int pageSize, PageChecksums table) {
    this.fileKey = file.key();
    this.pageSize = pageSize;
    this.filePages = new FilePages(table, pageSize);
  }

  /**
   * Looks at a database. The WAL may grow meanwhile; if it is restarted, or the file is written, it
   * is looked at again.
   *
   * @param counted what SQLite has counted as committed, or null: then what is valid in the WAL
   *     counts
   * @param table of the baseline's own, for as long as it is used
   * @throws WalChangedException if the WAL is restarted again and again
   */
  static Baseline of(File path, DatabaseFile file, @Nullable WalCount counted, PageChecksums table)
      throws IOException {
    for (int scan = 1; ; scan++) {
      Baseline found = new Baseline(file, file.pageSize(), table);
      FileIdentity before = FileIdentity.of(path);
      try (WalFile wal = new WalFile(WalFile.pathOf(path))) {
        byte[] head = new byte[WalHeader.SIZE];
        boolean hasWal = wal.read(0, head, head.length) == head.length;
        found.filePages.readFrom(file);
        WalHeader header = hasWal ? headerOf(head, found.pageSize) : null;
        found.header = header;
        found.addFileState();
        if (header != null) {
          found.readWal(wal, header, counted);
        }
        byte[] headAfter = new byte[WalHeader.SIZE];
        wal.read(0, headAfter, headAfter.length);
        boolean isSameRun = Arrays.equals(head, headAfter);
        if (isSameRun && FileIdentity.of(path).isUnchanged(before)) {
          return found;
        }
        if (isSameRun && scan >= MAX_SCANS) {
          // Somebody checkpoints all the time: what stands under the last commit is right.
          return found;
        }
      }
      if (scan >= MAX_SCANS) {
        throw new WalChangedException("the WAL was restarted during each look at the database");
      }
    }
  }

  private static @Nullable WalHeader headerOf(byte[] head, int pageSize) {
    try {
      WalHeader parsed = WalHeader.parse(head);
      return parsed.pageSize() == pageSize ? parsed : null;
    } catch (WalFormatException notWritten) {
      return null;
    }
  }

  private void readWal(WalFile wal, WalHeader header, @Nullable WalCount counted)
      throws IOException {
    int frameSize = header.frameSize();
    long lastFrame =
        counted != null && counted.salt1() == header.salt1() && counted.salt2() == header.salt2()
            ? counted.frameCount()
            : Long.MAX_VALUE;
    byte[] buffer = new byte[Math.max(1, BUFFER_BYTES / frameSize) * frameSize];
    long checksum = header.checksum();
    long offset = WalPosition.FIRST_FRAME;
    States states = new States();
    frameChangeCounter = changeCounter;
    while (true) {
      int available = wal.read(offset, buffer, buffer.length);
      for (int at = 0; at + frameSize <= available; at += frameSize) {
        if (frameCount >= lastFrame || !WalFrameHeader.isValid(header, checksum, buffer, at)) {
          frameCount = stateFrames[stateCount - 1];
          return;
        }
        checksum = WalFrameHeader.checksum(buffer, at);
        addFrame(buffer, at);
        if (WalFrameHeader.isCommit(buffer, at)) {
          states.commit(WalFrameHeader.commit(buffer, at), checksum);
          changeCounter = frameChangeCounter;
        }
      }
      if (available < buffer.length) {
        frameCount = stateFrames[stateCount - 1];
        return;
      }
      offset += available;
    }
  }

  private void addFrame(byte[] buffer, int at) {
    if (frameCount == framePgnos.length) {
      framePgnos = Arrays.copyOf(framePgnos, 2 * frameCount);
      frameChecksums = Arrays.copyOf(frameChecksums, 2 * frameCount);
    }
    int pgno = WalFrameHeader.pgno(buffer, at);
    int page = at + WalFrameHeader.SIZE;
    framePgnos[frameCount] = pgno;
    frameChecksums[frameCount] = PageChecksum.of(pgno, buffer, page, pageSize);
    emptyFrames.set(frameCount, BtreePage.isEmpty(pgno, buffer, page));
    if (pgno == 1) {
      frameChangeCounter = FilePages.changeCounter(buffer, page);
    }
    frameCount++;
  }

  private void addFileState() throws IOException {
    int commit = filePages.commit();
    long walChecksum = header == null ? 0 : header.checksum();
    addState(commit, walChecksum, filePages.checksumTo(commit));
    changeCounter = filePages.changeCounter();
  }

  private void addState(int commit, long walChecksum, long checksum) {
    if (stateCount == stateFrames.length) {
      stateFrames = Arrays.copyOf(stateFrames, 2 * stateCount);
      stateCommits = Arrays.copyOf(stateCommits, 2 * stateCount);
      stateWalChecksums = Arrays.copyOf(stateWalChecksums, 2 * stateCount);
      stateChecksums = Arrays.copyOf(stateChecksums, 2 * stateCount);
    }
    stateFrames[stateCount] = frameCount;
    stateCommits[stateCount] = commit;
    stateWalChecksums[stateCount] = walChecksum;
    stateChecksums[stateCount] = Crc64.STORED_FLAG | checksum;
    stateCount++;
  }

  /** Follows the checksum of the database from commit to commit. */
  private final class States {
    private final PageOffsets newest = new PageOffsets();
    private long checksum = stateChecksums[0];
    private int commit = filePages.commit();

    void commit(int newCommit, long walChecksum) throws IOException {
      for (int pgno = newCommit + 1; pgno <= commit; pgno++) {
        checksum ^= entry(pgno);
      }
      int kept = Math.min(commit, newCommit);
      for (int frame = stateFrames[stateCount - 1]; frame < frameCount; frame++) {
        int pgno = framePgnos[frame];
        if (pgno <= kept) {
          checksum ^= entry(pgno) ^ frameChecksums[frame];
        }
        newest.put(pgno, frame);
      }
      for (int pgno = commit + 1; pgno <= newCommit; pgno++) {
        checksum ^= entry(pgno);
      }
      commit = newCommit;
      addState(newCommit, walChecksum, checksum);
    }

    private long entry(int pgno) throws IOException {
      long frame = newest.get(pgno);
      return frame >= 0 ? frameChecksums[(int) frame] : filePages.checksum(pgno);
    }
  }

  // ---- what was found

  /** Which file it was, as {@link FileIdentity#key}. */
  public Object fileKey() {
    return fileKey;
  }

  int pageSize() {
    return pageSize;
  }

  /** The newest state is number {@code stateCount() - 1}; number 0 is the file alone. */
  int stateCount() {
    return stateCount;
  }

  int newest() {
    return stateCount - 1;
  }

  /** The checksum of a state. */
  long checksum(int state) {
    return stateChecksums[state];
  }

  /**
   * SQLite's change counter in the newest state: it may stay as it is from one commit to the next,
   * and never falls.
   */
  int changeCounter() {
    return changeCounter;
  }

  /** Size of a state in pages. */
  int commit(int state) {
    return stateCommits[state];
  }

  /** The newest state with this checksum, or -1. */
  int find(long checksum) {
    for (int state = stateCount - 1; state >= 0; state--) {
      if (stateChecksums[state] == checksum) {
        return state;
      }
    }
    return -1;
  }

  /** The newest TXID that any of the states has; 0 if none has one. */
  long newestTxid(LongUnaryOperator txidByChecksum) {
    long newest = 0;
    for (int state = 0; state < stateCount; state++) {
      newest = Math.max(newest, txidByChecksum.applyAsLong(stateChecksums[state]));
    }
    return newest;
  }

  /** Whether a WAL stood beside the file, with or without commits. */
  boolean hasWal() {
    return header != null;
  }

  /** Where a state ends in the WAL; null if there was none. */
  @Nullable WalPosition position(int state) {
    return header == null ? null : position(header, state);
  }

  private WalPosition position(WalHeader run, int state) {
    return new WalPosition(run.salt1(), run.salt2(), offset(run, state), stateWalChecksums[state]);
  }

  /** The state that ends at an offset of the WAL; null if none does. */
  @Nullable WalPosition positionAt(long offset) {
    WalHeader run = header;
    for (int state = 0; run != null && state < stateCount; state++) {
      if (offset(run, state) == offset) {
        return position(run, state);
      }
    }
    return null;
  }

  private long offset(WalHeader run, int state) {
    return WalPosition.FIRST_FRAME + (long) stateFrames[state] * run.frameSize();
  }

  /**
   * Whether the database began in this process: the file has no table yet, and what there is stands
   * in the WAL.
   */
  boolean isNew() {
    return stateCount > 1 && isBlank();
  }

  /** Whether the file has no table yet, whatever stands in the WAL. */
  boolean isBlank() {
    return filePages.areNew();
  }

  /** Knows whether a page of a file may have a checksum. */
  interface PageVersions {
    boolean isRight(int pgno, long checksum);
  }

  /**
   * Whether a stretch of the WAL is the one that a file was made of.
   *
   * @param startOffset of its first frame
   * @param endOffset behind its last frame, which ends a transaction
   * @param versions what the file holds
   */
  boolean isStretch(long startOffset, long endOffset, PageVersions versions) {
    int from = frameAt(startOffset);
    int to = frameAt(endOffset);
    BitSet seen = new BitSet();
    for (int frame = to - 1; frame >= from; frame--) {
      int pgno = framePgnos[frame];
      if (!seen.get(pgno) && !versions.isRight(pgno, frameChecksums[frame])) {
        return false;
      }
      seen.set(pgno);
    }
    return from < to;
  }

  private int frameAt(long offset) {
    return (int) ((offset - WalPosition.FIRST_FRAME) / (WalFrameHeader.SIZE + pageSize));
  }

  /** Reports every page of a state. */
  void forEach(int state, Pages pages) throws IOException {
    PageOffsets newest = new PageOffsets();
    for (int frame = 0; frame < stateFrames[state]; frame++) {
      newest.put(framePgnos[frame], frame);
    }
    long[] checksums = new long[CHUNK];
    for (int first = 1; first <= stateCommits[state]; first += CHUNK) {
      int count = Math.min(CHUNK, stateCommits[state] - first + 1);
      filePages.read(first, checksums, count);
      BitSet isEmpty = new BitSet(count);
      for (int i = 0; i < count; i++) {
        int pgno = first + i;
        int frame = (int) newest.get(pgno);
        checksums[i] = frame >= 0 ? frameChecksums[frame] : filePages.checksum(pgno, checksums[i]);
        isEmpty.set(i, frame >= 0 ? emptyFrames.get(frame) : filePages.isEmpty(pgno));
      }
      pages.take(first, checksums, isEmpty, count);
    }
  }

  /** Makes a table that of a state. */
  public void writeTo(PageChecksums target, int state) throws IOException {
    target.truncate(0);
    int[] pgnos = new int[CHUNK];
    forEach(
        state,
        (first, checksums, isEmpty, count) -> {
          for (int i = 0; i < count; i++) {
            pgnos[i] = first + i;
          }
          target.set(pgnos, checksums, count);
        });
  }

  /** Gives its table back. */
  void close() throws IOException {
    filePages.close();
  }
}
