package io.walsync.replica.s3;

import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpBody;
import java.io.IOException;
import java.io.InputStream;
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
    S3Call call = MultipartUpload.call(key);
    ObjectHead.addTo(call, settings, createdMillis, sha256Hex, content);
    MultipartUpload upload = MultipartUpload.begin(connection, settings, unfinished, key, call);
    try {
      uploadParts(upload);
      upload.complete(Arrays.asList(etags), isConditional);
    } catch (IOException e) {
      drop(upload, e);
      throw e;
    } finally {
      upload.ended();
    }
  }

  private void uploadParts(MultipartUpload upload) throws IOException {
    List<Future<?>> workers = new ArrayList<>();
    int workerCount = Math.min(settings.partConcurrency(), etags.length);
    try {
      for (int i = 0; i < workerCount; i++) {
        workers.add(connection.threads().submit(() -> uploadNextParts(upload)));
      }
      checkWhole();
    } catch (RejectedExecutionException e) {
      failure.compareAndSet(null, closed(e));
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
    workers.forEach(this::await);
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
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

  private void uploadNextParts(MultipartUpload upload) {
    for (int part = nextPart.getAndIncrement();
        part < etags.length && failure.get() == null;
        part = nextPart.getAndIncrement()) {
      try {
        uploadPart(upload, part);
      } catch (IOException e) {
        failure.compareAndSet(null, e);
      }
    }
  }

  private void uploadPart(MultipartUpload upload, int part) throws IOException {
    long offset = part * partBytes;
    long sizeBytes = Math.min(partBytes, content.sizeBytes() - offset);
    HttpBody body = new SourceBody(content, offset, sizeBytes);
    etags[part] = upload.send(part, body);
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

  private static void drop(MultipartUpload upload, IOException reason) {
    try {
      upload.drop();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
