package io.walsync.replica.s3;

import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Finds out which conditions a store keeps, with an object of a fixed name: writes it if there is
 * none, replaces it by its tag, by one of before, and by several requests at once. The object
 * stays: keys without permission to delete do, and the next start within a day is told by it, with
 * a PUT and a GET.
 */
final class ConditionProbe implements SwapProbe.Place {

  /** Beside the levels, where neither Litestream nor we look for LTX files. */
  static final String NAME = "walsync-probe";

  /** Before the time, by the store's clock, at which the conditions were found to be atomic. */
  private static final String FOUND = "Conditions were found to be atomic at ";

  /** A store may be replaced or updated. */
  private static final long BELIEVED_MILLIS = TimeUnit.DAYS.toMillis(1);

  private static final int LONGEST_BYTES = 64 * 1024;

  private static final String CONTENT =
      "With this object Walsync asks whether the store honours If-None-Match. It may be deleted.\n";

  private final S3Connection connection;
  private final S3Settings settings;
  private final String key;
  private boolean hasNoTags;

  ConditionProbe(S3Connection connection, S3Settings settings, S3Keys keys) {
    this(connection, settings, keys, NAME);
  }

  /**
   * @param name of an object beside the levels, which nobody else uses
   */
  ConditionProbe(S3Connection connection, S3Settings settings, S3Keys keys, String name) {
    this.connection = connection;
    this.settings = settings;
    this.key = keys.besideLevels(name);
  }

  /**
   * @throws IOException if the store gave no answer that says so or not
   */
  S3Fencing ask() throws IOException {
    if (!isHonoured()) {
      return S3Fencing.NONE;
    }
    if (!S3Dialect.of(settings).hasTags()) {
      return S3Fencing.SEQUENTIAL;
    }
    if (isBelieved()) {
      return S3Fencing.ATOMIC;
    }
    SwapProbe.Result result = new SwapProbe(this, connection.threads()).run();
    if (result == SwapProbe.Result.ATOMIC) {
      swap(tag(), FOUND + connection.storeMillis() + "\n");
    }
    hasNoTags = result == SwapProbe.Result.UNKNOWN;
    return result == SwapProbe.Result.ATOMIC ? S3Fencing.ATOMIC : S3Fencing.SEQUENTIAL;
  }

  /** Whether objects cannot be replaced by their tag; known after {@link #ask}. */
  boolean hasNoTags() {
    return hasNoTags;
  }

  private boolean isBelieved() throws IOException {
    try (HttpResponse response = read()) {
      String text = new String(response.readBody(LONGEST_BYTES), StandardCharsets.US_ASCII);
      int at = text.indexOf(FOUND);
      if (at < 0) {
        return false;
      }
      long ago =
          connection.storeMillis() - Long.parseLong(text.substring(at + FOUND.length()).trim());
      return ago >= 0 && ago < BELIEVED_MILLIS;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private HttpResponse read() throws IOException {
    S3Call call = new S3Call("read", "GET", key);
    settings.encryption().addToAccess(call.signedHeaders());
    return connection.send(call);
  }

  @Override
  public String tag() throws IOException {
    try (HttpResponse response = read()) {
      response.readBody(LONGEST_BYTES);
      return String.valueOf(response.header("ETag")).trim();
    }
  }

  @Override
  public boolean swap(String tag, String text) throws IOException {
    byte[] content = (CONTENT + text).getBytes(StandardCharsets.US_ASCII);
    S3Call call =
        new S3Call("write", "PUT", key)
            .header("If-Match", tag)
            .header("Content-Type", "text/plain")
            .body(new BytesBody(content), null)
            .notRepeatable();
    settings.encryption().addToCreation(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      byte[] body = connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      if (!WriteProof.isIn(response, body)) {
        throw WriteProof.notOfStore(settings, call, response);
      }
      return true;
    } catch (S3ReplicaException e) {
      if (S3Writes.isTaken(e) || S3Writes.isUnknown(e) || e.saysMissing()) {
        return false;
      }
      throw e;
    }
  }

  private boolean isHonoured() throws IOException {
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
