package io.walsync.restore;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxScanner;
import io.walsync.ltx.LtxTrailer;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Sha256;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proves one file. Its parts are scanned in order, the checksums of its pages come in range by
 * range in any order, and at the end the sum must be that of the trailer. Memory: three longs for
 * each range that came in before an earlier one; there are fewer of these than threads.
 *
 * <p>Threading: scanner, rest and digest belong to the thread whose turn it is; {@link #addPages}
 * to any, for a range of its own; {@link #verify} comes after all of them.
 */
final class FileProof {

  private final LtxFileInfo file;
  private final LtxScanner scanner = new LtxScanner();
  private final long rangeCount;

  /** Checksums of ranges that came in before an earlier one, by index. */
  private final Map<Long, long[]> overtaking = new HashMap<>();

  private long addedCount;
  private long crc;
  private long size;
  private long databaseChecksum;

  /**
   * The end of the last range scanned: the beginning of a part that continues in the next range.
   */
  private byte[] rest = new byte[0];

  private @Nullable String recordedSha256;
  private @Nullable MessageDigest digest;

  FileProof(LtxFileInfo file, long rangeCount) {
    this.file = file;
    this.rangeCount = rangeCount;
  }

  LtxFileInfo file() {
    return file;
  }

  LtxScanner scanner() {
    return scanner;
  }

  byte[] rest() {
    return rest;
  }

  void keepRest(byte[] bytes) {
    rest = bytes;
  }

  /**
   * @param recordedSha256 the SHA-256 that the store has recorded for the file, or null
   */
  void expectSha256(@Nullable String recordedSha256) {
    this.recordedSha256 = recordedSha256;
    digest = recordedSha256 == null ? null : Sha256.digest();
  }

  void updateSha256(byte[] bytes, int offset, int length) {
    if (digest != null) {
      digest.update(bytes, offset, length);
    }
  }

  /**
   * @return whether no range is missing any more, so that the file can be verified
   */
  synchronized boolean addPages(long rangeIndex, long crc, long size, long databaseChecksum) {
    overtaking.put(rangeIndex, new long[] {crc, size, databaseChecksum});
    for (long[] next = overtaking.remove(addedCount);
        next != null;
        next = overtaking.remove(addedCount)) {
      this.crc = Crc64.combine(this.crc, next[0], next[1]);
      this.size += next[1];
      this.databaseChecksum ^= next[2];
      addedCount++;
    }
    return addedCount == rangeCount;
  }

  /** The exception for damage at the place that the scanner has reached. */
  DamagedFileException damaged(LtxFormatException cause) {
    return new DamagedFileException(
        file, "damaged at byte " + scanner.offset() + ": " + cause.getMessage(), cause);
  }

  synchronized LtxTrailer verify() throws DamagedFileException {
    LtxTrailer trailer;
    try {
      trailer = scanner.verify(crc, size, Crc64.STORED_FLAG | databaseChecksum);
    } catch (LtxFormatException e) {
      throw damaged(e);
    }
    if (digest != null && !Sha256.toHex(digest.digest()).equals(recordedSha256)) {
      throw new DamagedFileException(
          file, "its SHA-256 is not the one recorded when it was written", null);
    }
    return trailer;
  }
}
