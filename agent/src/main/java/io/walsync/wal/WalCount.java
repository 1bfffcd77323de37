package io.walsync.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite has counted as committed: the header of a wal-index, as it stands at the beginning of
 * the {@code -shm} file. The layout is in {@code package-info}.
 *
 * <p>A frame that is valid in the WAL is a commit only once it is counted here. Between the two lie
 * the fsync of {@code synchronous=FULL}, a kill, a failed fsync.
 */
public final class WalCount {

  /** Bytes from the beginning of the file that are read. Behind them lie SQLite's locks. */
  public static final int SIZE = 120;

  private static final int COPY_BYTES = 48;
  private static final int CHECKSUMMED_BYTES = 40;

  private static final int VERSION_OFFSET = 0;
  private static final int CHANGE_COUNT_OFFSET = 8;
  private static final int IS_INIT_OFFSET = 12;
  private static final int PAGE_SIZE_OFFSET = 14;
  private static final int FRAME_COUNT_OFFSET = 16;
  private static final int PAGE_COUNT_OFFSET = 20;
  private static final int FRAME_CHECKSUM_OFFSET = 24;
  private static final int SALT_OFFSET = 32;
  private static final int CHECKSUM_OFFSET = 40;
  private static final int BACKFILLED_OFFSET = 2 * COPY_BYTES;

  private static final int VERSION = 3007000;
  private static final int LARGEST_PAGE_AS_STORED = 1;
  private static final int LARGEST_PAGE = 65536;

  private final int changeCount;
  private final int pageSize;
  private final long frameCount;
  private final int pageCount;
  private final long frameChecksum;
  private final int salt1;
  private final int salt2;
  private final long backfilledCount;

  private WalCount(
      int changeCount,
      int pageSize,
      long frameCount,
      int pageCount,
      @Nullable WalHeader run,
      long checksum) {
    this.changeCount = changeCount;
    this.pageSize = pageSize;
    this.frameCount = frameCount;
    this.pageCount = pageCount;
    this.frameChecksum = checksum;
    this.salt1 = run == null ? 0 : run.salt1();
    this.salt2 = run == null ? 0 : run.salt2();
    this.backfilledCount = 0;
  }

  private WalCount(ByteBuffer from) {
    this.changeCount = from.getInt(CHANGE_COUNT_OFFSET);
    int stored = from.getShort(PAGE_SIZE_OFFSET) & 0xffff;
    this.pageSize = stored == LARGEST_PAGE_AS_STORED ? LARGEST_PAGE : stored;
    this.frameCount = from.getInt(FRAME_COUNT_OFFSET) & 0xffffffffL;
    this.pageCount = from.getInt(PAGE_COUNT_OFFSET);
    this.frameChecksum =
        WalChecksum.of(from.getInt(FRAME_CHECKSUM_OFFSET), from.getInt(FRAME_CHECKSUM_OFFSET + 4));
    this.backfilledCount = from.getInt(BACKFILLED_OFFSET) & 0xffffffffL;
    from.order(ByteOrder.BIG_ENDIAN);
    this.salt1 = from.getInt(SALT_OFFSET);
    this.salt2 = from.getInt(SALT_OFFSET + 4);
    from.order(ByteOrder.nativeOrder());
  }

  /**
   * Reads the first copy, which SQLite writes last: if its own checksum holds, it is the last
   * settled count.
   *
   * @param bytes the first {@link #SIZE} bytes of a {@code -shm}
   * @return null if SQLite has not set it up, or was writing it at that moment
   * @throws WalFormatException if it is of a version that is not known
   */
  public static @Nullable WalCount parse(byte[] bytes) throws WalFormatException {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    if (!isSetUp(bytes)) {
      return null;
    }
    boolean isBigEndian = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    long checksum = WalChecksum.update(0, bytes, 0, CHECKSUMMED_BYTES, isBigEndian);
    long stored = WalChecksum.of(from.getInt(CHECKSUM_OFFSET), from.getInt(CHECKSUM_OFFSET + 4));
    if (checksum != stored) {
      return null;
    }
    if (from.getInt(VERSION_OFFSET) != VERSION) {
      throw new WalFormatException(
          "the wal-index has version " + (from.getInt(VERSION_OFFSET) & 0xffffffffL));
    }
    return new WalCount(from);
  }

  /**
   * A count that was worked out without a wal-index. Which frames are backfilled is not known.
   *
   * @param run header of the WAL; null if the WAL has no frame
   */
  public static WalCount of(
      int changeCount,
      int pageSize,
      long frameCount,
      int pageCount,
      @Nullable WalHeader run,
      long checksum) {
    return new WalCount(changeCount, pageSize, frameCount, pageCount, run, checksum);
  }

  /** Whether SQLite has set the first copy up; bytes as in {@link #parse}. */
  public static boolean isSetUp(byte[] bytes) {
    return bytes[IS_INIT_OFFSET] != 0;
  }

  /**
   * Grows by one with each commit (modulo 2^32), whatever becomes of the WAL; 0 after SQLite has
   * recovered the WAL.
   */
  public int changeCount() {
    return changeCount;
  }

  /** Bytes; 0 if the WAL was found empty by a recovery. */
  public int pageSize() {
    return pageSize;
  }

  /** SQLite's mxFrame: frames of the WAL up to the last commit; 0 if there are none. */
  public long frameCount() {
    return frameCount;
  }

  /** Size of the database after the last commit, in pages; of no meaning without frames. */
  public int pageCount() {
    return pageCount;
  }

  /** The WAL's running checksum behind the last commit; of no meaning without frames. */
  public long frameChecksum() {
    return frameChecksum;
  }

  public int salt1() {
    return salt1;
  }

  public int salt2() {
    return salt2;
  }

  /** SQLite's nBackfill: frames of this run that are in the database file. */
  public long backfilledCount() {
    return backfilledCount;
  }

  /** Whether everything counted is in the database file, so that the next writer may restart. */
  public boolean isBackfilled() {
    return backfilledCount == frameCount;
  }

  /** Whether the WAL was not restarted between the two. */
  public boolean isInRunOf(@Nullable WalCount other) {
    return other != null && salt1 == other.salt1 && salt2 == other.salt2;
  }

  /**
   * Whether the two are equal: nothing was committed between them, and the WAL was not restarted.
   */
  public boolean isSame(@Nullable WalCount other) {
    return other != null
        && changeCount == other.changeCount
        && frameCount == other.frameCount
        && frameChecksum == other.frameChecksum
        && isInRunOf(other);
  }

  @Override
  public String toString() {
    return String.format(
        "%08x%08x: %d frames, %d backfilled, change %d",
        salt1, salt2, frameCount, backfilledCount, changeCount);
  }
}
