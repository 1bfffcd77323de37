package io.walsync.replica.s3;

import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Proves that an object is in the store. A status of 200 does not: proxies, captive portals and
 * gateways with nothing behind them answer so as well. S3 answers a PUT with an ETag and nothing
 * else; whatever looks different is not believed before HEAD has shown the object with its size and
 * SHA-256.
 */
final class WriteProof {

  private static final String NO_UPLOAD = "";

  private final S3Objects objects;

  WriteProof(S3Objects objects) {
    this.objects = objects;
  }

  /** Whether an answer to a PUT says, as only S3 says it, that the content was stored. */
  static boolean isIn(HttpResponse response, byte[] body) {
    String etag = response.header("ETag");
    return response.status() == 200 && body.length == 0 && etag != null && !etag.trim().isEmpty();
  }

  /**
   * Looks for an object that the store should have by now.
   *
   * @throws S3ReplicaException if it is not there; {@link LtxFileConflictException} if a different
   *     one is
   */
  void demand(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    if (!isThere(file, content, sha256Hex)) {
      throw unproven(
          objects.url(file),
          "the answer said success but not that the object was stored, and it is not there (is a"
              + " proxy or a captive portal in between?)");
    }
  }

  /**
   * Whether the object is there with this content.
   *
   * @throws LtxFileConflictException if it is there with another
   */
  boolean isThere(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    ObjectHead found;
    try {
      found = objects.head(file);
    } catch (LtxFileMissingException e) {
      return false;
    }
    boolean hasSize = found.sizeBytes() >= 0;
    String recorded = found.sha256Hex();
    boolean isAsLong = !hasSize || found.sizeBytes() == content.sizeBytes();
    if (!isAsLong && sha256Hex.equals(recorded)) {
      throw unproven(
          objects.url(file),
          "of our own object the store has "
              + found.sizeBytes()
              + " of "
              + content.sizeBytes()
              + " bytes; delete that object, and it is written again");
    }
    boolean isProvedByHead = hasSize && recorded != null;
    if (isAsLong && sha256Hex.equals(isProvedByHead ? recorded : objects.sha256(file))) {
      return true;
    }
    if (!found.isOfStore()) {
      throw unproven(
          objects.url(file),
          "what answers for the object is not an S3 store (is a proxy or a captive portal in"
              + " between?)");
    }
    throw another(file);
  }

  private LtxFileConflictException another(LtxFileInfo file) {
    return new LtxFileConflictException(
        "cannot write "
            + objects.url(file)
            + ": a different object is there; another writer uses this replica");
  }

  /**
   * The file that is there under a name, if it holds the same state of the database; null if there
   * is none.
   *
   * @throws LtxFileConflictException if another is there
   */
  @Nullable LtxFileInfo sameState(LtxFileInfo name, LtxStream content) throws IOException {
    return sameState(name, content, NO_UPLOAD);
  }

  /**
   * As the other, and an object of this very upload is it too.
   *
   * @param upload as noted beside it
   */
  @Nullable LtxFileInfo sameState(LtxFileInfo name, LtxStream content, String upload)
      throws IOException {
    ObjectHead found;
    try {
      found = objects.head(name);
    } catch (LtxFileMissingException e) {
      return null;
    }
    long checksum = found.databaseChecksum();
    boolean isSame =
        upload.equals(found.upload()) || checksum != 0 && checksum == content.databaseChecksum();
    if (isSame && found.sizeBytes() > 0) {
      return name.withSizeBytes(found.sizeBytes());
    }
    if (isSame || !found.isOfStore()) {
      throw unproven(
          objects.url(name),
          "what answers for the object does not say how long it is (is a proxy or a captive portal"
              + " in between?)");
    }
    throw another(name);
  }

  S3ReplicaException missing(LtxFileInfo name) {
    return unproven(
        objects.url(name), "the store said that all parts are one object, and there is none");
  }

  /** For an answer that proves nothing and nothing can be looked at: a part, the probe. */
  static S3ReplicaException notOfStore(S3Settings settings, S3Call call, HttpResponse response) {
    return unproven(
        "s3://" + settings.bucket() + "/" + call.key(),
        "the answer is not from an S3 store ("
            + response.status()
            + (response.header("ETag") == null ? " without ETag" : " with a page")
            + "; is a proxy or a captive portal in between?)");
  }

  private static S3ReplicaException unproven(String url, String problem) {
    return new S3ReplicaException(
        "cannot write " + url + ": " + problem,
        null,
        false,
        S3ReplicaException.NO_STATUS,
        null,
        S3ReplicaException.NO_RETRY_AFTER,
        null);
  }
}
