package io.walsync.replica.s3;

import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds out whether a store honours {@code If-None-Match: *}, with one or two PUTs of an object of
 * a fixed name. The object stays: the next start is then told with one PUT, keys without permission
 * to delete do, and in a bucket with versions nothing accumulates.
 */
final class ConditionProbe {

  /** Beside the levels, where neither Litestream nor we look for LTX files. */
  static final String NAME = "walsync-probe";

  private static final String CONTENT =
      "With this object Walsync asks whether the store honours If-None-Match. It may be deleted.\n";

  private final S3Connection connection;
  private final S3Settings settings;
  private final String key;

  ConditionProbe(S3Connection connection, S3Settings settings, S3Keys keys) {
    this.connection = connection;
    this.settings = settings;
    this.key = keys.besideLevels(NAME);
  }

  /**
   * @throws IOException if the store gave no answer that says so or not
   */
  boolean isHonoured() throws IOException {
    try {
      return isHonoured(settings.encryption());
    } catch (S3ReplicaException e) {
      if (!S3Writes.isUnknown(e)) {
        throw e;
      }
    }
    try {
      return isHonoured(S3Encryption.none()); // it may be the encryption that the store lacks
    } catch (S3ReplicaException e) {
      if (!S3Writes.isUnknown(e)) {
        throw e;
      }
      return false;
    }
  }

  private boolean isHonoured(S3Encryption encryption) throws IOException {
    return isRefused(CONTENT, encryption) || isRefused(CONTENT + "Again.\n", encryption);
  }

  /** Whether the store refuses to write because the name is taken. */
  private boolean isRefused(String text, S3Encryption encryption) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.US_ASCII);
    S3Call call =
        new S3Call("write", "PUT", key)
            .header("Content-Type", "text/plain")
            .body(new BytesBody(content), null)
            .notRepeatable();
    S3Dialect.of(settings).addIfFree(call);
    encryption.addToCreation(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      byte[] body = connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      if (!WriteProof.isIn(response, body) && !holds(content)) {
        throw WriteProof.notOfStore(settings, call, response);
      }
      return false;
    } catch (S3ReplicaException e) {
      if (S3Writes.isTaken(e)) {
        return true;
      }
      throw e;
    }
  }

  private boolean holds(byte[] content) throws IOException {
    S3Call call = new S3Call("read", "GET", key);
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      byte[] found = connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      return Arrays.equals(found, content);
    } catch (S3ReplicaException e) {
      if (e.saysMissing()) {
        return false;
      }
      throw e;
    }
  }
}
