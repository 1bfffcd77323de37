package io.walsync.restore;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxScanner;
import io.walsync.ltx.LtxTrailer;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Sha256;
import java.security.MessageDigest;

/**
 * Everything that proves one file: its parts are scanned in order, its pages come in range by range
 * in any order, and at the end all must add up.
 *
 * <p>Threading: scanner, rest and digest belong to the thread whose turn it is; {@link #addPages}
 * to any, for a range of its own; {@link #verify} comes after all of them.
 */
final class FileProof {

  private final LtxFileInfo file;
  private final LtxScanner scanner = new LtxScanner();
  private final long[] crcs;
  private final long[] sizes;
  private final long[] databaseChecksums;

  /** What the last range ended with: the beginning of a part that goes on in the next one. */
  private byte[] rest = new byte[0];

  private String recordedSha256;
  private MessageDigest digest;

  FileProof(LtxFileInfo file, int rangeCount) {
    this.file = file;
    crcs = new long[rangeCount];
    sizes = new long[rangeCount];
    databaseChecksums = new long[rangeCount];
  }

  LtxFileInfo file() {
    return file;
  }

  int rangeCount() {
    return crcs.length;
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
   * @param recordedSha256 what the store has beside the file, or null
   */
  void expectSha256(String recordedSha256) {
    this.recordedSha256 = recordedSha256;
    digest = recordedSha256 == null ? null : Sha256.digest();
  }

  void updateSha256(byte[] bytes, int offset, int length) {
    if (digest != null) {
      digest.update(bytes, offset, length);
    }
  }

  void addPages(int rangeIndex, long crc, long size, long databaseChecksum) {
    crcs[rangeIndex] = crc;
    sizes[rangeIndex] = size;
    databaseChecksums[rangeIndex] = databaseChecksum;
  }

  /** The exception for something wrong with the file at the scanner's place. */
  DamagedFileException damaged(LtxFormatException cause) {
    return new DamagedFileException(
        file, "damaged at byte " + scanner.offset() + ": " + cause.getMessage(), cause);
  }

  LtxTrailer verify() throws DamagedFileException {
    long crc = 0;
    long size = 0;
    long databaseChecksum = 0;
    for (int i = 0; i < crcs.length; i++) {
      crc = Crc64.combine(crc, crcs[i], sizes[i]);
      size += sizes[i];
      databaseChecksum ^= databaseChecksums[i];
    }
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
