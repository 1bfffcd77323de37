package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Deletes objects, up to a thousand with one request; one by one where the store has no such
 * request (Google's, some gateways).
 *
 * <p>Threading: any number of threads.
 */
final class S3Deletion {

  private static final int MOST_KEYS_A_REQUEST = 1_000;

  private final S3Connection connection;
  private final S3Quirks quirks;

  S3Deletion(S3Connection connection, S3Quirks quirks) {
    this.connection = connection;
    this.quirks = quirks;
  }

  void delete(List<String> keys) throws IOException {
    for (int from = 0; from < keys.size(); from += MOST_KEYS_A_REQUEST) {
      List<String> batch = keys.subList(from, Math.min(keys.size(), from + MOST_KEYS_A_REQUEST));
      if (batch.size() > 1 && !quirks.deletesOneByOne) {
        deleteTogether(batch);
      } else {
        deleteOneByOne(batch);
      }
    }
  }

  private void deleteTogether(List<String> keys) throws IOException {
    try {
      check(connection.document(call(keys), "DeleteResult"));
    } catch (S3ReplicaException e) {
      boolean isUnknown =
          e.status() == 405
              || e.status() == 501
              || e.hasCode("NotImplemented", "MethodNotAllowed", "InvalidArgument");
      if (!isUnknown) {
        throw e;
      }
      deleteOneByOne(keys);
      quirks.deletesOneByOne = true;
    }
  }

  private static S3Call call(List<String> keys) throws ReplicaException {
    StringBuilder document = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    document.append("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (String key : keys) {
      document.append("<Object><Key>").append(escape(key)).append("</Key></Object>");
    }
    document.append("<Quiet>true</Quiet></Delete>");
    byte[] body = document.toString().getBytes(StandardCharsets.UTF_8);
    String sha256 = Base64.getEncoder().encodeToString(Sha256.digest().digest(body));
    S3Call call =
        new S3Call("delete", "POST", null)
            .query("delete", "")
            .header("Content-Type", "application/xml")
            .header("x-amz-checksum-sha256", sha256)
            .body(new BytesBody(body), null);
    addMd5(call, body);
    return call;
  }

  /** Older stores and buckets with object lock want it; FIPS platforms do not have it. */
  private static void addMd5(S3Call call, byte[] body) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(body);
      call.header("Content-MD5", Base64.getEncoder().encodeToString(md5));
    } catch (NoSuchAlgorithmException e) {
      return; // the SHA-256 does for the stores that know it
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The request succeeds as a whole even if no object could be deleted. */
  private static void check(XmlElement result) throws ReplicaException {
    int failureCount = 0;
    XmlElement first = null;
    for (XmlElement entry : result.children()) {
      boolean isFailure = entry.name().equals("Error") && !"NoSuchKey".equals(entry.text("Code"));
      if (isFailure) {
        failureCount++;
        first = first == null ? entry : first;
      }
    }
    if (first != null) {
      String code = first.text("Code");
      throw new S3ReplicaException(
          "cannot delete "
              + failureCount
              + " objects, the first being "
              + first.text("Key")
              + ": "
              + code
              + ": "
              + first.text("Message"),
          null,
          "AccessDenied".equals(code),
          200,
          code,
          S3ReplicaException.NO_RETRY_AFTER,
          null);
    }
  }

  private void deleteOneByOne(List<String> keys) throws IOException {
    for (String key : keys) {
      try (HttpResponse response = connection.send(new S3Call("delete", "DELETE", key))) {
        response.readBody(S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      } catch (S3ReplicaException e) {
        if (!e.saysMissing()) {
          throw e;
        }
      }
    }
  }
}
