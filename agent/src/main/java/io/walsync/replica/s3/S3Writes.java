package io.walsync.replica.s3;

import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.UUID;

/**
 * Writes objects under names that are free, in one piece or in parts.
 *
 * <p>Whenever the store says that the name is taken, the object there is compared with ours: an
 * earlier try of ours may have arrived although its answer did not.
 */
final class S3Writes {

  static final int LONGEST_EMPTY_ANSWER_BYTES = 64 * 1024;

  private final S3Connection connection;
  private final S3Settings settings;
  private final S3Keys keys;
  private final S3Objects objects;
  private final S3Quirks quirks;

  S3Writes(
      S3Connection connection,
      S3Settings settings,
      S3Keys keys,
      S3Objects objects,
      S3Quirks quirks) {
    this.connection = connection;
    this.settings = settings;
    this.keys = keys;
    this.objects = objects;
    this.quirks = quirks;
  }

  void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    boolean isLarge = content.sizeBytes() > settings.partSizeBytes();
    boolean looksFirst = isLarge || quirks.ignoresConditions;
    if (looksFirst && isThere(file, content, sha256Hex)) {
      return;
    }
    try {
      if (isLarge) {
        new MultipartWrite(connection, settings, keys.key(file), content, sha256Hex)
            .run(file.createdMillis(), !quirks.ignoresConditions);
      } else {
        put(file, content, sha256Hex);
      }
    } catch (S3ReplicaException e) {
      // NoSuchUpload: completed by a request whose answer was lost
      boolean mayBeThere = isTaken(e) || e.hasCode("NoSuchUpload");
      if (!mayBeThere || !isThere(file, content, sha256Hex)) {
        throw e;
      }
    }
  }

  /** 409: somebody else is writing that name at this moment. */
  private static boolean isTaken(S3ReplicaException e) {
    return e.status() == 412 || e.status() == 409;
  }

  private void put(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    boolean sendsChecksum = !quirks.refusesChecksums;
    try {
      put(call(file, content, sha256Hex, sendsChecksum));
    } catch (S3ReplicaException e) {
      boolean isAboutChecksum =
          sendsChecksum
              && (e.status() == 400 || e.status() == 501)
              && e.getMessage().contains("x-amz-checksum");
      if (!isAboutChecksum) {
        throw e;
      }
      put(call(file, content, sha256Hex, false));
      quirks.refusesChecksums = true;
    }
  }

  private S3Call call(
      LtxFileInfo file, LtxSource content, String sha256Hex, boolean sendsChecksum) {
    S3Call call =
        new S3Call("write", "PUT", keys.key(file))
            .body(new SourceBody(content, 0, content.sizeBytes()), sha256Hex);
    if (!quirks.ignoresConditions) {
      call.header("If-None-Match", "*");
    }
    if (sendsChecksum) {
      String base64 = Base64.getEncoder().encodeToString(Sha256.fromHex(sha256Hex));
      call.header("x-amz-checksum-sha256", base64);
    }
    ObjectHead.addTo(call, settings, file.createdMillis(), sha256Hex);
    return call;
  }

  private void put(S3Call call) throws IOException {
    try (HttpResponse response = connection.send(call)) {
      byte[] body = response.readBody(LONGEST_EMPTY_ANSWER_BYTES);
      if (body.length > 0 && response.header("ETag") == null) {
        // A page of something in between: 200 does not say that the object was stored.
        throw new S3ReplicaException(
            "cannot write s3://"
                + settings.bucket()
                + "/"
                + call.key()
                + ": the answer is not from an S3 store; is a proxy in between? (200 without ETag)",
            null,
            false,
            response.status(),
            null,
            S3ReplicaException.NO_RETRY_AFTER,
            null);
      }
    }
  }

  /**
   * Whether the object is there with this content.
   *
   * @throws LtxFileConflictException if it is there with another
   */
  private boolean isThere(LtxFileInfo file, LtxSource content, String sha256Hex)
      throws IOException {
    ObjectHead found;
    try {
      found = objects.head(file);
    } catch (LtxFileMissingException e) {
      return false;
    }
    boolean isSame = found.sizeBytes() == content.sizeBytes();
    if (isSame) {
      String recorded = found.sha256Hex();
      isSame = sha256Hex.equals(recorded == null ? objects.sha256(file) : recorded);
    }
    if (!isSame) {
      throw new LtxFileConflictException(
          "cannot write "
              + objects.url(file)
              + ": a different object is there; another writer uses this replica");
    }
    return true;
  }

  /** See {@link S3ReplicaClient#probeConditionalWrites}. */
  boolean probeConditions(S3Deletion deletion) throws IOException {
    String key = keys.besideLevels("walsync-probe-" + UUID.randomUUID());
    boolean isHonoured;
    try {
      put(probe(key, "first"));
      isHonoured = !succeeds(probe(key, "second"));
    } catch (S3ReplicaException e) {
      boolean isUnknown = e.status() == 501 || e.hasCode("NotImplemented");
      if (!isUnknown) {
        throw e;
      }
      isHonoured = false;
    } finally {
      delete(key, deletion);
    }
    quirks.ignoresConditions = !isHonoured;
    return isHonoured;
  }

  private boolean succeeds(S3Call call) throws IOException {
    try {
      put(call);
      return true;
    } catch (S3ReplicaException e) {
      if (isTaken(e)) {
        return false;
      }
      throw e;
    }
  }

  private static S3Call probe(String key, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
    return new S3Call("write", "PUT", key)
        .header("If-None-Match", "*")
        .header("Content-Type", "text/plain")
        .body(new BytesBody(bytes), null)
        .notRepeatable();
  }

  private static void delete(String key, S3Deletion deletion) {
    try {
      deletion.delete(Collections.singletonList(key));
    } catch (IOException e) {
      return; // without permission to delete a few bytes stay, which nobody lists
    }
  }
}
