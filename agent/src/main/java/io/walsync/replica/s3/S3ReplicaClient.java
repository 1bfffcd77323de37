package io.walsync.replica.s3;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * A replica in an S3 bucket.
 *
 * <p>Every object is written on condition that its name is free, so that a second writer is fenced
 * off. Where the store does not know the condition ({@link #probeConditionalWrites}), each write
 * looks first, which fences off all but a writer of the same moment.
 *
 * <p>Threading: any number of threads; requests of different threads use connections of their own.
 */
public final class S3ReplicaClient implements ReplicaClient {

  private static final int LONGEST_EMPTY_ANSWER_BYTES = 64 * 1024;
  private static final int COPY_BUFFER_BYTES = 64 * 1024;

  /** Where the LTX header keeps its time: milliseconds, big-endian. */
  private static final int LTX_TIMESTAMP_OFFSET = 32;

  private final S3Settings settings;
  private final S3Keys keys;
  private final Shared shared;
  private S3Connection connection;
  private boolean isClosed;

  /** What the replicas of one bucket have in common. */
  private static final class Shared {
    /** Not made before the first request: loads the signer and, without keys, the providers. */
    S3Connection connection;

    volatile boolean ignoresConditions;
    volatile boolean refusesChecksums;
  }

  /** Makes no connection, and loads nothing of the AWS SDK, before the first request. */
  public S3ReplicaClient(S3Settings settings) {
    this(settings, new Shared());
  }

  private S3ReplicaClient(S3Settings settings, Shared shared) {
    this.settings = settings;
    this.keys = new S3Keys(settings.path());
    this.shared = shared;
  }

  /**
   * The replica under another path of the same bucket, with the same connections and keys. Both
   * must be closed.
   */
  public S3ReplicaClient withPath(String path) {
    return new S3ReplicaClient(settings.toBuilder().path(path).build(), shared);
  }

  @Override
  public String url() {
    return "s3://" + settings.bucket() + "/" + settings.path();
  }

  /** Asks for one key of the replica: shows that bucket, keys, region and network are right. */
  @Override
  public void init() throws IOException {
    S3Call call =
        new S3Call("list", "GET", null)
            .query("list-type", "2")
            .query("max-keys", "1")
            .query("prefix", keys.root());
    connection().document(call, "ListBucketResult");
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    List<LtxFileInfo> files = new S3Listing(connection(), keys, level, seek).read();
    return exactTimes && !files.isEmpty()
        ? ExactTimes.of(
            files, this::createdMillis, connection().threads(), S3Connection.THREAD_COUNT)
        : files;
  }

  private long createdMillis(LtxFileInfo file) throws IOException {
    long recorded = head(file).timestampMillis();
    if (recorded != ObjectHead.NO_TIMESTAMP) {
      return recorded;
    }
    try (DataInputStream header =
        new DataInputStream(open(file, LTX_TIMESTAMP_OFFSET, Long.BYTES))) {
      return header.readLong();
    }
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    if (length == 0) {
      return new ByteArrayInputStream(new byte[0]);
    }
    S3Call call = new S3Call("read", "GET", keys.key(file));
    settings.encryption().addToAccess(call.signedHeaders());
    boolean isWhole = offset == 0 && length == Long.MAX_VALUE;
    if (!isWhole) {
      long last = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length - 1;
      call.unsignedHeader(
          "Range", "bytes=" + offset + "-" + (last == Long.MAX_VALUE ? "" : Long.toString(last)));
    }
    HttpResponse response;
    try {
      response = connection().send(call);
    } catch (S3ReplicaException e) {
      if (e.status() == 416) {
        return new ByteArrayInputStream(new byte[0]); // the range starts behind the end
      }
      throw missingOr(e, file);
    }
    checkRange(file, offset, isWhole, response);
    return new ObjectStream(connection(), call, response);
  }

  private void checkRange(LtxFileInfo file, long offset, boolean isWhole, HttpResponse response)
      throws IOException {
    String range = response.header("Content-Range");
    boolean isRange = range != null && range.startsWith("bytes " + offset + "-");
    boolean isAsAsked = isWhole ? response.status() == 200 : response.status() == 206 && isRange;
    String encoding = response.header("Content-Encoding");
    boolean isPacked = encoding != null && encoding.contains("gzip");
    if (isAsAsked && !isPacked) {
      return;
    }
    response.close();
    throw new ReplicaException(
        "cannot read "
            + where(file)
            + (isPacked
                ? ": a proxy has compressed it"
                : ": the store answers the range from " + offset + " with " + range),
        false);
  }

  @Override
  public String recordedSha256(LtxFileInfo file) throws IOException {
    return head(file).sha256Hex();
  }

  private ObjectHead head(LtxFileInfo file) throws IOException {
    S3Call call = new S3Call("read the headers of", "HEAD", keys.key(file));
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = connection().send(call)) {
      return ObjectHead.of(response);
    } catch (S3ReplicaException e) {
      throw missingOr(e, file);
    }
  }

  private IOException missingOr(S3ReplicaException e, LtxFileInfo file) {
    boolean isMissing = e.status() == 404 && !e.hasCode("NoSuchBucket");
    return isMissing
        ? new LtxFileMissingException("cannot read " + where(file) + ": no such object", e)
        : e;
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    boolean isLarge = content.sizeBytes() > settings.partSizeBytes();
    boolean looksFirst = isLarge || shared.ignoresConditions;
    if (looksFirst && isThere(file, content, sha256Hex)) {
      return;
    }
    try {
      if (isLarge) {
        MultipartWrite.write(
            connection(),
            settings,
            keys.key(file),
            file,
            content,
            sha256Hex,
            !shared.ignoresConditions);
      } else {
        put(file, content, sha256Hex);
      }
    } catch (S3ReplicaException e) {
      // 404: an upload in parts that was completed by a request whose answer was lost
      boolean mayBeThere = e.status() == 412 || e.status() == 409 || e.hasCode("NoSuchUpload");
      if (!mayBeThere || !isThere(file, content, sha256Hex)) {
        throw e;
      }
    }
  }

  private void put(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    boolean sendsChecksum = !shared.refusesChecksums;
    try {
      put(putCall(file, content, sha256Hex, sendsChecksum));
    } catch (S3ReplicaException e) {
      boolean isAboutChecksum =
          sendsChecksum
              && (e.status() == 400 || e.status() == 501)
              && e.getMessage().contains("x-amz-checksum");
      if (!isAboutChecksum) {
        throw e;
      }
      put(putCall(file, content, sha256Hex, false));
      shared.refusesChecksums = true;
    }
  }

  private S3Call putCall(
      LtxFileInfo file, LtxSource content, String sha256Hex, boolean sendsChecksum) {
    S3Call call =
        new S3Call("write", "PUT", keys.key(file))
            .header("Content-Type", "application/octet-stream")
            .body(new SourceBody(content, 0, content.sizeBytes()), sha256Hex);
    if (!shared.ignoresConditions) {
      call.header("If-None-Match", "*");
    }
    if (sendsChecksum) {
      String base64 = Base64.getEncoder().encodeToString(Sha256.fromHex(sha256Hex));
      call.header("x-amz-checksum-sha256", base64);
    }
    ObjectHead.addMetadata(call.signedHeaders(), file.createdMillis(), sha256Hex);
    settings.encryption().addToCreation(call.signedHeaders());
    if (settings.storageClass() != null) {
      call.header("x-amz-storage-class", settings.storageClass());
    }
    return call;
  }

  private void put(S3Call call) throws IOException {
    try (HttpResponse response = connection().send(call)) {
      response.readBody(LONGEST_EMPTY_ANSWER_BYTES);
    }
  }

  /**
   * Whether the object is there with this content, as after an answer of ours that got lost.
   *
   * @throws LtxFileConflictException if it is there with another
   */
  private boolean isThere(LtxFileInfo file, LtxSource content, String sha256Hex)
      throws IOException {
    ObjectHead found;
    try {
      found = head(file);
    } catch (LtxFileMissingException e) {
      return false;
    }
    boolean isSameSize = found.sizeBytes() == content.sizeBytes();
    boolean isSame =
        isSameSize
            && (found.sha256Hex() == null ? sha256(file) : found.sha256Hex()).equals(sha256Hex);
    if (!isSame) {
      throw new LtxFileConflictException(
          "cannot write " + where(file) + ": another writer has put a different object there");
    }
    return true;
  }

  private String sha256(LtxFileInfo file) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[COPY_BUFFER_BYTES];
    try (InputStream in = open(file, 0, Long.MAX_VALUE)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.toHex(digest.digest());
  }

  /**
   * Finds out whether the store honours {@code If-None-Match: *}, with two PUTs of a probe object
   * that is deleted again. If it does not, a second writer is not fenced off reliably, and each
   * write costs one request more.
   */
  public boolean probeConditionalWrites() throws IOException {
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
      deleteProbe(key);
    }
    shared.ignoresConditions = !isHonoured;
    return isHonoured;
  }

  private boolean succeeds(S3Call call) throws IOException {
    try {
      put(call);
      return true;
    } catch (S3ReplicaException e) {
      if (e.status() == 412 || e.status() == 409) {
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

  private void deleteProbe(String key) {
    try {
      new S3Deletion(connection()).delete(Collections.singletonList(key));
    } catch (IOException e) {
      return; // without permission to delete a few bytes stay, which nobody lists
    }
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    List<String> names = new ArrayList<>(files.size());
    for (LtxFileInfo file : files) {
      names.add(keys.key(file));
    }
    new S3Deletion(connection()).delete(names);
  }

  private String where(LtxFileInfo file) {
    return "s3://" + settings.bucket() + "/" + keys.key(file);
  }

  private synchronized S3Connection connection() throws ReplicaException {
    if (isClosed) {
      throw new ReplicaException(url() + " has been closed", true);
    }
    if (connection == null) {
      synchronized (shared) {
        if (shared.connection == null || !shared.connection.tryShare()) {
          shared.connection = new S3Connection(settings, System.getenv(), Clock.systemUTC());
        }
        connection = shared.connection;
      }
    }
    return connection;
  }

  @Override
  public synchronized void close() {
    if (!isClosed && connection != null) {
      connection.close();
    }
    isClosed = true;
  }
}
