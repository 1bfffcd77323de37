package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpBody;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An upload in parts that the store has begun. Its parts become an object, or are dropped.
 *
 * <p>Threading: any number of threads send parts.
 */
final class MultipartUpload {

  private final S3Connection connection;
  private final S3Settings settings;
  private final UnfinishedUploads unfinished;
  private final String key;
  private final String id;

  private MultipartUpload(
      S3Connection connection,
      S3Settings settings,
      UnfinishedUploads unfinished,
      String key,
      String id) {
    this.connection = connection;
    this.settings = settings;
    this.unfinished = unfinished;
    this.key = key;
    this.id = id;
  }

  /** The call that begins one; what the object is created with is to be added. */
  static S3Call call(String key) {
    return new S3Call("write", "POST", key).query("uploads", "").notRepeatable();
  }

  /**
   * Has the store begin. {@link #ended} must follow.
   *
   * @param call of {@link #call}
   */
  static MultipartUpload begin(
      S3Connection connection,
      S3Settings settings,
      UnfinishedUploads unfinished,
      String key,
      S3Call call)
      throws IOException {
    String id = connection.document(call, "InitiateMultipartUploadResult").text("UploadId");
    if (id == null || id.isEmpty()) {
      throw new ReplicaException("cannot write " + key + ": the store gave no upload id", false);
    }
    unfinished.began(id);
    return new MultipartUpload(connection, settings, unfinished, key, id);
  }

  /**
   * Sends one part.
   *
   * @param part counted from 0
   * @return its ETag
   */
  String send(int part, HttpBody content) throws IOException {
    S3Call call =
        new S3Call("write a part of", "PUT", key)
            .query("partNumber", Integer.toString(part + 1))
            .query("uploadId", id)
            .body(content, null);
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      byte[] body = connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      String etag = response.header("ETag");
      if (etag == null || !WriteProof.isIn(response, body)) {
        throw WriteProof.notOfStore(settings, call, response);
      }
      return etag;
    }
  }

  /**
   * Has the object appear that consists of all parts.
   *
   * @param isConditional whether its name must be free
   */
  void complete(List<String> etags, boolean isConditional) throws IOException {
    StringBuilder document =
        new StringBuilder("<CompleteMultipartUpload")
            .append(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    int part = 0;
    for (String etag : etags) {
      part++;
      document.append("<Part><PartNumber>").append(part).append("</PartNumber><ETag>");
      document.append(etag.replace("&", "&amp;").replace("<", "&lt;"));
      document.append("</ETag></Part>");
    }
    byte[] body =
        document.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
    S3Call call =
        new S3Call("write", "POST", key)
            .query("uploadId", id)
            .header("Content-Type", "application/xml")
            .body(new BytesBody(body), null)
            .notRepeatable();
    if (isConditional) {
      S3Dialect.of(settings).addIfFree(call);
    }
    connection.document(call, "CompleteMultipartUploadResult");
  }

  /**
   * Drops the parts. If that fails, the next write of the object tries again, and the next start.
   */
  void drop() throws IOException {
    UnfinishedUploads.abort(connection, key, id);
  }

  /** It is complete, or dropped as far as that was possible. */
  void ended() {
    unfinished.ended(id);
  }
}
