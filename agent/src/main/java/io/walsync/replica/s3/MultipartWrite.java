package io.walsync.replica.s3;

import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpBody;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes one object in parts of equal size, some at a time, each read straight from its source. The
 * caller's thread checks the SHA-256 of the whole meanwhile. The object appears when all parts are
 * there, if its name is still free; on any failure the parts are dropped.
 */
final class MultipartWrite {

  static final int MOST_PARTS = 10_000;
  private static final int HASH_BUFFER_BYTES = 64 * 1024;
  private static final long MIB = 1024L * 1024;

  private final S3Connection connection;
  private final S3Settings settings;
  private final UnfinishedUploads unfinished;
  private final String key;
  private final LtxSource content;
  private final String sha256Hex;
  private final long partBytes;
  private final String[] etags;
  private final AtomicInteger nextPart = new AtomicInteger();
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  MultipartWrite(
      S3Connection connection,
      S3Settings settings,
      UnfinishedUploads unfinished,
      String key,
      LtxSource content,
      String sha256Hex) {
    this.connection = connection;
    this.settings = settings;
    this.unfinished = unfinished;
    this.key = key;
    this.content = content;
    this.sha256Hex = sha256Hex;
    this.partBytes = partBytes(content.sizeBytes(), settings.partSizeBytes());
    this.etags = new String[(int) ((content.sizeBytes() + partBytes - 1) / partBytes)];
  }

  /** Large enough for the number of parts to fit; whole MiB, since some stores are picky. */
  static long partBytes(long sizeBytes, long configuredBytes) {
    long leastBytes = (sizeBytes + MOST_PARTS - 1) / MOST_PARTS;
    long roundedBytes = (leastBytes + MIB - 1) / MIB * MIB;
    return Math.max(configuredBytes, roundedBytes);
  }

  /**
   * @throws S3ReplicaException with status 412 or 409 if the name is taken
   */
  void run(long createdMillis, boolean isConditional) throws IOException {
    unfinished.dropOf(key);
    String uploadId = create(createdMillis);
    unfinished.began(uploadId);
    try {
      uploadParts(uploadId);
      complete(uploadId, isConditional);
    } catch (IOException e) {
      abort(uploadId, e);
      throw e;
    } finally {
      unfinished.ended(uploadId);
    }
  }

  private String create(long createdMillis) throws IOException {
    S3Call call = beginning(key);
    ObjectHead.addTo(call, settings, createdMillis, sha256Hex, content);
    return begin(connection, call);
  }

  /** To which what the object is created with is to be added. */
  static S3Call beginning(String key) {
    return new S3Call("write", "POST", key).query("uploads", "").notRepeatable();
  }

  /** Returns the id of the upload. */
  static String begin(S3Connection connection, S3Call call) throws IOException {
    String uploadId = connection.document(call, "InitiateMultipartUploadResult").text("UploadId");
    if (uploadId == null || uploadId.isEmpty()) {
      throw new ReplicaException(
          "cannot write " + call.key() + ": the store gave no upload id", false);
    }
    return uploadId;
  }

  private void uploadParts(String uploadId) throws IOException {
    List<Future<?>> workers = new ArrayList<>();
    int workerCount = Math.min(settings.partConcurrency(), etags.length);
    try {
      for (int i = 0; i < workerCount; i++) {
        workers.add(connection.threads().submit(() -> uploadNextParts(uploadId)));
      }
      checkWhole();
    } catch (RejectedExecutionException e) {
      failure.compareAndSet(null, closed(e));
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
    workers.forEach(this::await);
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /**
   * Waits for a worker, which ends by itself within the timeouts of the connection. The source must
   * not be closed under its hands, so an interrupt only makes it stop at the next part.
   */
  private void await(Future<?> worker) {
    boolean isInterrupted = false;
    boolean isDone = false;
    while (!isDone) {
      try {
        worker.get();
        isDone = true;
      } catch (InterruptedException e) {
        isInterrupted = true;
        failure.compareAndSet(
            null, new ReplicaException("writing " + key + " was interrupted", false));
      } catch (CancellationException e) {
        failure.compareAndSet(null, closed(e));
        isDone = true;
      } catch (ExecutionException e) {
        failure.compareAndSet(
            null, new ReplicaException("cannot write " + key + ": " + e.getCause(), e, false));
        isDone = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private ReplicaException closed(RuntimeException cause) {
    return new ReplicaException("cannot write " + key + ": the client was closed", cause, false);
  }

  private void uploadNextParts(String uploadId) {
    for (int part = nextPart.getAndIncrement();
        part < etags.length && failure.get() == null;
        part = nextPart.getAndIncrement()) {
      try {
        uploadPart(uploadId, part);
      } catch (IOException e) {
        failure.compareAndSet(null, e);
      }
    }
  }

  private void uploadPart(String uploadId, int part) throws IOException {
    long offset = part * partBytes;
    long sizeBytes = Math.min(partBytes, content.sizeBytes() - offset);
    HttpBody body = new SourceBody(content, offset, sizeBytes);
    etags[part] = sendPart(connection, settings, key, uploadId, part, body);
  }

  /**
   * Sends one part.
   *
   * @param part counted from 0
   * @return its ETag
   */
  static String sendPart(
      S3Connection connection,
      S3Settings settings,
      String key,
      String uploadId,
      int part,
      HttpBody content)
      throws IOException {
    S3Call call =
        new S3Call("write a part of", "PUT", key)
            .query("partNumber", Integer.toString(part + 1))
            .query("uploadId", uploadId)
            .body(content, null);
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      byte[] body = connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      if (!WriteProof.isIn(response, body)) {
        throw WriteProof.notOfStore(settings, call, response);
      }
      return response.header("ETag");
    }
  }

  private void checkWhole() throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[HASH_BUFFER_BYTES];
    try (InputStream in = content.open(0)) {
      for (int n = in.read(buffer); n >= 0 && failure.get() == null; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    if (failure.get() == null && !Sha256.toHex(digest.digest()).equals(sha256Hex)) {
      throw new ReplicaException(
          "cannot write " + key + ": the content read is not the one its SHA-256 was taken of",
          false);
    }
  }

  private void complete(String uploadId, boolean isConditional) throws IOException {
    complete(connection, settings, key, uploadId, Arrays.asList(etags), isConditional);
  }

  /** Has the object appear that consists of all parts. */
  static void complete(
      S3Connection connection,
      S3Settings settings,
      String key,
      String uploadId,
      List<String> etags,
      boolean isConditional)
      throws IOException {
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
            .query("uploadId", uploadId)
            .header("Content-Type", "application/xml")
            .body(new BytesBody(body), null)
            .notRepeatable();
    if (isConditional) {
      S3Dialect.of(settings).addIfFree(call);
    }
    connection.document(call, "CompleteMultipartUploadResult");
  }

  /** If that fails as well, the next write of the object tries again, and the next start. */
  private void abort(String uploadId, IOException reason) {
    try {
      UnfinishedUploads.abort(connection, key, uploadId);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
