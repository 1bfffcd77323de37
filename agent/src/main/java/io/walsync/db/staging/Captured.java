package io.walsync.db.staging;

/** A staged file: the CRC of its bytes, and the position that it ends with. */
public final class Captured {

  private final long crc;
  private final Position position;

  /**
   * @param crc CRC-32 of the file
   * @param position with the file's end; not saved yet
   */
  public Captured(long crc, Position position) {
    this.crc = crc;
    this.position = position;
  }

  public long crc() {
    return crc;
  }

  public Position position() {
    return position;
  }
}
