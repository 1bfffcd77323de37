package io.walsync.ltx;

/** The last 16 bytes of an LTX file. */
public final class LtxTrailer {

  public static final int SIZE = 16;

  private final long postApplyChecksum;
  private final long fileChecksum;

  LtxTrailer(long postApplyChecksum, long fileChecksum) {
    this.postApplyChecksum = postApplyChecksum;
    this.fileChecksum = fileChecksum;
  }

  /** Checksum of the database after the file is applied; 0 if the file carries none. */
  public long postApplyChecksum() {
    return postApplyChecksum;
  }

  /** Checksum of the file itself; never 0. */
  public long fileChecksum() {
    return fileChecksum;
  }

  /** Checks the trailer against what was computed while the file was read. */
  void check(LtxHeader header, long crc, long databaseChecksum) throws LtxFormatException {
    if (fileChecksum != (Crc64.STORED_FLAG | crc)) {
      throw new LtxFormatException(
          "file checksum is "
              + Long.toHexString(fileChecksum)
              + " instead of "
              + Long.toHexString(Crc64.STORED_FLAG | crc));
    }
    if (!header.isTracked()) {
      if (postApplyChecksum != 0) {
        throw new LtxFormatException("post-apply checksum in a file without checksums");
      }
    } else if ((postApplyChecksum & Crc64.STORED_FLAG) == 0) {
      throw new LtxFormatException("post-apply checksum lacks its flag bit");
    } else if (header.isSnapshot() && postApplyChecksum != databaseChecksum) {
      throw new LtxFormatException(
          "checksum of the database is "
              + Long.toHexString(databaseChecksum)
              + " instead of "
              + Long.toHexString(postApplyChecksum));
    }
  }
}
