package io.walsync.db.upload;

import io.walsync.db.history.Compactor;
import io.walsync.db.staging.Staging;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Uploads one sealed file, if it is unchanged since it was sealed. Runs on an upload thread. */
final class UploadTask {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final Staging staging;
  private final LtxFileInfo info;
  private final File file;

  /** Null if an earlier process has written the file. */
  private final @Nullable Long expectedCrc;

  private final @Nullable LtxFileInfo head;
  private final long databaseChecksum;
  private byte @Nullable [] content;

  /**
   * To be called on the database's thread.
   *
   * @param head the file that a restore begins with; null if unknown
   */
  UploadTask(Staging staging, LtxFileInfo info, @Nullable LtxFileInfo head) {
    this.staging = staging;
    this.info = info;
    this.head = head;
    this.file = staging.sealed().fileOf(info);
    this.databaseChecksum = staging.databaseChecksum(info);
    this.expectedCrc = staging.sealed().crcOf(info);
  }

  /**
   * @param epoch see {@link LtxSource#epoch}
   * @throws StagingDamagedException if the file is gone or changed; the store has seen nothing of
   *     it
   * @throws LtxFileMissingException if the file that a restore begins with is gone
   */
  void run(ReplicaClient client, long epoch) throws IOException {
    String sha256 = prove();
    if (head != null && client.isKnownGone(head)) {
      throw new LtxFileMissingException(
          client.url() + " has no " + head.fileName() + " any more", null);
    }
    try {
      client.write(info, new StagedSource(file, databaseChecksum, epoch), sha256);
    } catch (IOException e) {
      if (!file.exists()) {
        throw new StagingDamagedException(file + " was deleted", e);
      }
      throw e;
    }
  }

  /** The bytes that were sent; null if they are not kept. */
  byte @Nullable [] content() {
    return content;
  }

  /** As recorded beside the file; 0 if none is. */
  long databaseChecksum() {
    return databaseChecksum;
  }

  /** Checks that the file is the one that was sealed; returns its SHA-256. */
  private String prove() throws IOException {
    if (expectedCrc == null) {
      decode();
    }
    CRC32 crc = new CRC32();
    MessageDigest digest = Sha256.digest();
    boolean isKept = file.length() <= Compactor.LARGEST_KEPT_BYTES;
    ByteArrayOutputStream kept = new ByteArrayOutputStream(isKept ? (int) file.length() : 0);
    try (InputStream in = staging.read(file)) {
      byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, file.length()))];
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        crc.update(buffer, 0, count);
        kept.write(buffer, 0, isKept ? count : 0);
      }
    }
    if (expectedCrc != null && expectedCrc != crc.getValue()) {
      throw new StagingDamagedException(file + " is not what was written to it");
    }
    content = isKept ? kept.toByteArray() : null;
    return Sha256.toHex(digest.digest());
  }

  /** Checks a file that an earlier process has sealed, by its own checksums. */
  private void decode() throws IOException {
    try (InputStream in = staging.read(file)) {
      new LtxDecoder(in, file.getPath()).readAll((pgno, page) -> {});
    } catch (LtxFormatException e) {
      throw new StagingDamagedException(e.getMessage(), e);
    }
  }

  private static final class StagedSource implements LtxSource {

    private final File file;
    private final long sizeBytes;
    private final long databaseChecksum;
    private final long epoch;

    StagedSource(File file, long databaseChecksum, long epoch) {
      this.epoch = epoch;
      this.databaseChecksum = databaseChecksum;
      this.file = file;
      this.sizeBytes = file.length();
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public long databaseChecksum() {
      return databaseChecksum;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public InputStream open(long offset) throws IOException {
      FileInputStream in = new FileInputStream(file);
      try {
        in.getChannel().position(offset);
        return in;
      } catch (IOException e) {
        in.close();
        throw e;
      }
    }
  }
}
