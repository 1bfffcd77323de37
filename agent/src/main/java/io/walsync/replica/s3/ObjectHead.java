package io.walsync.replica.s3;

import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the headers of an object say: its size, and the metadata Litestream and we keep there. */
final class ObjectHead {

  static final String TIMESTAMP = "x-amz-meta-litestream-timestamp";
  static final String SHA256 = "x-amz-meta-walsync-sha256";
  static final String DATABASE_CHECKSUM = "x-amz-meta-walsync-database-checksum";
  static final String EPOCH = "x-amz-meta-walsync-epoch";

  /** Of an object whose SHA-256 was not known when it was begun: which upload made it. */
  static final String UPLOAD = "x-amz-meta-walsync-upload";

  /** The object carries no time: Litestream 0.5.0 wrote none. */
  static final long NO_TIMESTAMP = Long.MIN_VALUE;

  private static final int SHA256_HEX_LENGTH = 64;

  private final long sizeBytes;
  private final @Nullable String sha256Hex;
  private final long databaseChecksum;
  private final long epoch;
  private final long timestampMillis;
  private final boolean isOfStore;
  private final @Nullable String upload;

  private ObjectHead(
      long sizeBytes,
      @Nullable String sha256Hex,
      long databaseChecksum,
      long epoch,
      long timestampMillis,
      boolean isOfStore,
      @Nullable String upload) {
    this.sizeBytes = sizeBytes;
    this.sha256Hex = sha256Hex;
    this.databaseChecksum = databaseChecksum;
    this.epoch = epoch;
    this.timestampMillis = timestampMillis;
    this.isOfStore = isOfStore;
    this.upload = upload;
  }

  /** What every object of a replica is created with. */
  static void addTo(
      S3Call call, S3Settings settings, long createdMillis, String sha256Hex, LtxSource content) {
    call.header(SHA256, sha256Hex);
    addTo(call, settings, createdMillis, content.databaseChecksum(), content.epoch());
  }

  /** What an object is created with whose content is not known yet. */
  static void addTo(
      S3Call call, S3Settings settings, long createdMillis, LtxStream content, String upload) {
    call.header(UPLOAD, upload);
    addTo(call, settings, createdMillis, content.databaseChecksum(), content.epoch());
  }

  private static void addTo(
      S3Call call, S3Settings settings, long createdMillis, long databaseChecksum, long epoch) {
    call.header("Content-Type", "application/octet-stream");
    call.header(TIMESTAMP, Rfc3339.format(createdMillis));
    if (databaseChecksum != 0) {
      call.header(DATABASE_CHECKSUM, Long.toHexString(databaseChecksum));
    }
    if (epoch != 0) {
      call.header(EPOCH, Long.toString(epoch));
    }
    settings.encryption().addToCreation(call.signedHeaders());
    if (settings.storageClass() != null) {
      call.header("x-amz-storage-class", settings.storageClass());
    }
  }

  /** Of the answer to HEAD. */
  static ObjectHead of(HttpResponse response) throws IOException {
    String length = response.header("Content-Length");
    try {
      return new ObjectHead(
          length == null ? -1 : Long.parseLong(length),
          sha256(response),
          databaseChecksum(response.header(DATABASE_CHECKSUM)),
          epoch(response.header(EPOCH)),
          timestamp(response.header(TIMESTAMP)),
          isOfStore(response),
          response.header(UPLOAD));
    } catch (NumberFormatException e) {
      throw new IOException("Content-Length is not a number: " + length, e);
    }
  }

  /** Whether S3 says so, rather than a page of something in between: no writer stores pages. */
  private static boolean isOfStore(HttpResponse response) {
    boolean hasMetadata = response.header(SHA256) != null || response.header(TIMESTAMP) != null;
    return hasMetadata || response.header("ETag") != null && !isPage(response);
  }

  /** Whether the content is a page for people, which no LTX file is. */
  static boolean isPage(HttpResponse response) {
    String type = response.header("Content-Type");
    return type != null && type.trim().toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /** What an answer to HEAD or GET says, in lower-case hex, or null. */
  static @Nullable String sha256(HttpResponse response) {
    String recorded = response.header(SHA256);
    if (recorded == null || recorded.length() != SHA256_HEX_LENGTH) {
      return null;
    }
    try {
      return Sha256.toHex(Sha256.fromHex(recorded));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static long databaseChecksum(@Nullable String recorded) {
    try {
      return recorded == null ? 0 : Long.parseUnsignedLong(recorded.trim(), 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static long epoch(@Nullable String recorded) {
    try {
      return recorded == null ? 0 : Math.max(0, Long.parseLong(recorded.trim()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static long timestamp(@Nullable String recorded) {
    if (recorded == null) {
      return NO_TIMESTAMP;
    }
    try {
      return Rfc3339.parse(recorded);
    } catch (DateTimeException e) {
      return NO_TIMESTAMP;
    }
  }

  /** -1 if the store did not say. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** Whether it is certain that an object of the store is meant. */
  boolean isOfStore() {
    return isOfStore;
  }

  /** Lower-case hex, or null. */
  @Nullable String sha256Hex() {
    return sha256Hex;
  }

  /** Of the database after this file; 0 if none was recorded. */
  long databaseChecksum() {
    return databaseChecksum;
  }

  /** Of the owner; 0 if none was recorded. */
  long epoch() {
    return epoch;
  }

  /** Which upload made it; null if that was not noted. */
  @Nullable String upload() {
    return upload;
  }

  /** Milliseconds since the epoch, or {@link #NO_TIMESTAMP}. */
  long timestampMillis() {
    return timestampMillis;
  }
}
