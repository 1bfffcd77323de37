package io.walsync.wal;

/**
 * The 24 bytes before each page in a WAL, read where they stand: frames are read by the hundred
 * thousand, so there is no object for one.
 */
public final class WalFrameHeader {

  public static final int SIZE = 24;

  private static final int CHECKSUMMED_BYTES = 8;

  private WalFrameHeader() {}

  /** Number of the page in the frame; 0 or negative in a frame that is not valid. */
  public static int pgno(byte[] frame, int offset) {
    return getInt(frame, offset);
  }

  /** Size of the database in pages after this commit; 0 if the frame does not end a transaction. */
  public static int commit(byte[] frame, int offset) {
    return getInt(frame, offset + 4);
  }

  /** Whether the frame is the last of a transaction. */
  public static boolean isCommit(byte[] frame, int offset) {
    return commit(frame, offset) != 0;
  }

  public static int salt1(byte[] frame, int offset) {
    return getInt(frame, offset + 8);
  }

  public static int salt2(byte[] frame, int offset) {
    return getInt(frame, offset + 12);
  }

  /** The state of {@link WalChecksum} the frame claims to be at. */
  public static long checksum(byte[] frame, int offset) {
    return WalChecksum.of(getInt(frame, offset + 16), getInt(frame, offset + 20));
  }

  /**
   * SQLite's test whether a frame belongs to the WAL: its salts and its page number, then the
   * checksum, which covers every frame before it.
   *
   * @param frame holds the header and the page after it, from {@code offset} on
   * @param previous checksum of the frame before, or {@link WalHeader#checksum} for the first. If
   *     the frame is valid, the next goes on from {@link #checksum}.
   */
  public static boolean isValid(WalHeader wal, long previous, byte[] frame, int offset) {
    if (salt1(frame, offset) != wal.salt1()
        || salt2(frame, offset) != wal.salt2()
        || pgno(frame, offset) <= 0) {
      return false;
    }
    boolean isBigEndian = wal.isBigEndianChecksum();
    long state = WalChecksum.update(previous, frame, offset, CHECKSUMMED_BYTES, isBigEndian);
    state = WalChecksum.update(state, frame, offset + SIZE, wal.pageSize(), isBigEndian);
    return state == checksum(frame, offset);
  }

  private static int getInt(byte[] bytes, int offset) {
    return bytes[offset] << 24
        | (bytes[offset + 1] & 0xff) << 16
        | (bytes[offset + 2] & 0xff) << 8
        | (bytes[offset + 3] & 0xff);
  }
}
