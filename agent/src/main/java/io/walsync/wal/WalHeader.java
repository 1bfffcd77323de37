package io.walsync.wal;

import io.walsync.ltx.Pgno;
import java.nio.ByteBuffer;

/** The first 32 bytes of a WAL. Only a header with a correct checksum becomes an instance. */
public final class WalHeader {

  public static final int SIZE = 32;

  private static final int MAGIC = 0x377f0682;
  private static final int MAGIC_BIG_ENDIAN_CHECKSUM = 0x377f0683;
  private static final int FORMAT_VERSION = 3007000;
  private static final int CHECKSUMMED_BYTES = 24;

  private final boolean isBigEndianChecksum;
  private final int pageSize;
  private final int checkpointSequence;
  private final int salt1;
  private final int salt2;
  private final long checksum;

  private WalHeader(
      boolean isBigEndianChecksum,
      int pageSize,
      int checkpointSequence,
      int salt1,
      int salt2,
      long checksum) {
    this.isBigEndianChecksum = isBigEndianChecksum;
    this.pageSize = pageSize;
    this.checkpointSequence = checkpointSequence;
    this.salt1 = salt1;
    this.salt2 = salt2;
    this.checksum = checksum;
  }

  /**
   * Reads and verifies a header.
   *
   * @param bytes the first 32 bytes of a WAL, or more
   * @throws WalFormatException if there are fewer, or they are no valid header. A reader of a live
   *     WAL can meet that while a writer restarts it.
   */
  public static WalHeader parse(byte[] bytes) throws WalFormatException {
    if (bytes.length < SIZE) {
      throw new WalFormatException("WAL header is truncated: " + bytes.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    int magic = from.getInt();
    if (magic != MAGIC && magic != MAGIC_BIG_ENDIAN_CHECKSUM) {
      throw new WalFormatException("not a WAL: magic is " + Integer.toHexString(magic));
    }
    int version = from.getInt();
    if (version != FORMAT_VERSION) {
      throw new WalFormatException("WAL has format version " + (version & 0xffffffffL));
    }
    int pageSize = from.getInt();
    if (!Pgno.isPageSize(pageSize)) {
      throw new WalFormatException("WAL has page size " + (pageSize & 0xffffffffL));
    }
    int checkpointSequence = from.getInt();
    int salt1 = from.getInt();
    int salt2 = from.getInt();
    long checksum = from.getLong();
    boolean isBigEndian = magic == MAGIC_BIG_ENDIAN_CHECKSUM;
    if (WalChecksum.update(0, bytes, 0, CHECKSUMMED_BYTES, isBigEndian) != checksum) {
      throw new WalFormatException("WAL header checksum mismatch");
    }
    return new WalHeader(isBigEndian, pageSize, checkpointSequence, salt1, salt2, checksum);
  }

  /** Whether checksums take their words big-endian: written on a big-endian machine. */
  public boolean isBigEndianChecksum() {
    return isBigEndianChecksum;
  }

  /** Bytes, a power of two, 512 to 65536. */
  public int pageSize() {
    return pageSize;
  }

  /** Number of WAL restarts so far; unsigned. */
  public int checkpointSequence() {
    return checkpointSequence;
  }

  /** Grows by one with each restart. */
  public int salt1() {
    return salt1;
  }

  /** A new random number with each restart. */
  public int salt2() {
    return salt2;
  }

  /** The state of {@link WalChecksum} from which the first frame goes on. */
  public long checksum() {
    return checksum;
  }

  /** Bytes of one frame, its header included. */
  public int frameSize() {
    return WalFrameHeader.SIZE + pageSize;
  }

  /**
   * Where a frame begins in the WAL.
   *
   * @param frame 1 for the first
   */
  public long frameOffset(long frame) {
    return SIZE + (frame - 1) * frameSize();
  }

  /** Whether frames that are valid under {@code other} are valid under this header. */
  public boolean hasSaltsOf(WalHeader other) {
    return salt1 == other.salt1 && salt2 == other.salt2;
  }
}
