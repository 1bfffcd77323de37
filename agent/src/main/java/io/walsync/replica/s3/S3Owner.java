package io.walsync.replica.s3;

import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The object that says who owns a replica. It is replaced on condition that it is still the one
 * that was read, where the store knows such a condition; elsewhere it is read once more before.
 */
final class S3Owner {

  /** Below the replica, beside the levels, which is all that Litestream lists. */
  static final String NAME = "walsync/owner.json";

  private static final int LONGEST_BYTES = 64 * 1024;
  private static final int PRECONDITION_FAILED = 412;

  /** Before the digest of an object to which the store gives no tag. */
  private static final String NO_ETAG = "sha256 ";

  private final S3Connection connection;
  private final S3Settings settings;
  private final String key;
  private final S3Quirks quirks;
  private final S3Dialect dialect;

  S3Owner(S3Connection connection, S3Settings settings, S3Keys keys, S3Quirks quirks) {
    this.connection = connection;
    this.settings = settings;
    this.key = keys.besideLevels(NAME);
    this.quirks = quirks;
    this.dialect = S3Dialect.of(settings);
  }

  OwnerObject read() throws IOException {
    S3Call call = new S3Call("read", "GET", key);
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      String problem = ContentRange.problem(response, false, 0, Long.MAX_VALUE);
      String etag = response.header("ETag");
      byte[] content = connection.read(call, response, LONGEST_BYTES);
      if (problem != null) {
        throw WriteProof.notOfStore(settings, call, response);
      }
      String tag = etag == null ? NO_ETAG + Sha256.hexOf(content) : etag.trim();
      return new OwnerObject(Owner.parse(content), tag);
    } catch (S3ReplicaException e) {
      if (e.saysMissing()) {
        return OwnerObject.NONE;
      }
      throw e;
    }
  }

  boolean replace(OwnerObject before, Owner owner) throws IOException {
    boolean isConditional =
        !quirks.ignoresConditions
            && !(before.isThere() && (quirks.ignoresTags || !dialect.hasTags()));
    String tag = before.tag();
    boolean isTagged = tag == null || !tag.startsWith(NO_ETAG);
    if (!isConditional || !isTagged) {
      return isStill(before) && put(call(owner), owner);
    }
    S3Call call = call(owner);
    if (tag == null) {
      dialect.addIfFree(call);
    } else {
      call.header("If-Match", tag);
    }
    try {
      return put(call, owner);
    } catch (S3ReplicaException e) {
      // 409 says that another request is on its way: no verdict, the caller comes back.
      boolean isTaken =
          e.status() == PRECONDITION_FAILED
              || e.hasCode("FileAlreadyExists") // the word of OSS and COS
              || before.isThere() && e.saysMissing();
      boolean isUnknown = S3Writes.isUnknown(e);
      if (!isTaken && !isUnknown) {
        throw e;
      }
      if (!before.isThere() && !isUnknown || !isStill(before)) {
        return false;
      }
      quirks.ignoresTags |= before.isThere();
      return put(call(owner), owner); // it refuses the tag that it gave, or every condition
    }
  }

  private boolean isStill(OwnerObject before) throws IOException {
    OwnerObject found = read();
    return Objects.equals(before.tag(), found.tag());
  }

  private S3Call call(Owner owner) {
    S3Call call =
        new S3Call("write", "PUT", key)
            .header("Content-Type", "application/json")
            .body(new BytesBody(owner.toBytes()), null);
    settings.encryption().addToCreation(call.signedHeaders());
    return call;
  }

  private boolean put(S3Call call, Owner owner) throws IOException {
    try (HttpResponse response = connection.send(call)) {
      byte[] body = connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      if (WriteProof.isIn(response, body)) {
        return true;
      }
      if (Arrays.equals(read().owner().toBytes(), owner.toBytes())) {
        return true;
      }
      throw WriteProof.notOfStore(settings, call, response);
    }
  }
}
