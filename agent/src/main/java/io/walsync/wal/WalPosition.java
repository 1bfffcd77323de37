package io.walsync.wal;

import org.jspecify.annotations.Nullable;

/**
 * A commit boundary in a WAL: everything before it has been captured. The running checksum covers
 * every frame since the WAL's header, so one frame header that carries it proves all of them
 * unchanged.
 */
public final class WalPosition {

  /** Bytes of the WAL header, where the first frame begins. */
  public static final long FIRST_FRAME = 32;

  private final int salt1;
  private final int salt2;
  private final long offset;
  private final long checksum;

  /**
   * @param offset byte offset of the next frame, at least {@link #FIRST_FRAME}
   * @param checksum as in {@link io.walsync.wal.WalChecksum}
   */
  public WalPosition(int salt1, int salt2, long offset, long checksum) {
    this.salt1 = salt1;
    this.salt2 = salt2;
    this.offset = offset;
    this.checksum = checksum;
  }

  public int salt1() {
    return salt1;
  }

  public int salt2() {
    return salt2;
  }

  public long offset() {
    return offset;
  }

  /** State of the WAL's running checksum behind the last frame. */
  public long checksum() {
    return checksum;
  }

  /** Whether both lie in the same run of the WAL, so that no restart came between them. */
  public boolean hasSaltsOf(WalPosition other) {
    return salt1 == other.salt1 && salt2 == other.salt2;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof WalPosition)) {
      return false;
    }
    WalPosition that = (WalPosition) other;
    return hasSaltsOf(that) && offset == that.offset && checksum == that.checksum;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(offset) * 31 + salt1;
  }

  @Override
  public String toString() {
    return String.format("%08x%08x@%d", salt1, salt2, offset);
  }
}
