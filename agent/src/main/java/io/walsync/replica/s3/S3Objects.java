package io.walsync.replica.s3;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Reads objects of a replica: their headers, their content. */
final class S3Objects {

  private static final int COPY_BUFFER_BYTES = 64 * 1024;

  /** Where the LTX header keeps its time: milliseconds, big-endian. */
  private static final int LTX_TIMESTAMP_OFFSET = 32;

  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final S3Connection connection;
  private final S3Settings settings;
  private final S3Keys keys;

  S3Objects(S3Connection connection, S3Settings settings, S3Keys keys) {
    this.connection = connection;
    this.settings = settings;
    this.keys = keys;
  }

  ObjectHead head(LtxFileInfo file) throws IOException {
    S3Call call = new S3Call("read the headers of", "HEAD", keys.key(file));
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = connection.send(call)) {
      return ObjectHead.of(response);
    } catch (S3ReplicaException e) {
      throw missingOr(e, file);
    }
  }

  /** The time in the LTX header: from the metadata, or from the header itself if there is none. */
  long createdMillis(LtxFileInfo file) throws IOException {
    long recorded = head(file).timestampMillis();
    if (recorded != ObjectHead.NO_TIMESTAMP) {
      return recorded;
    }
    try (DataInputStream header =
        new DataInputStream(open(file, LTX_TIMESTAMP_OFFSET, Long.BYTES))) {
      return header.readLong();
    }
  }

  /** Reads the whole object. */
  String sha256(LtxFileInfo file) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[COPY_BUFFER_BYTES];
    try (InputStream in = open(file, 0, Long.MAX_VALUE)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.toHex(digest.digest());
  }

  InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    if (length == 0) {
      return nothing();
    }
    S3Call call = new S3Call("read", "GET", keys.key(file));
    settings.encryption().addToAccess(call.signedHeaders());
    boolean isWhole = offset == 0 && length == Long.MAX_VALUE;
    if (!isWhole) {
      boolean isToTheEnd = length > Long.MAX_VALUE - offset;
      String last = isToTheEnd ? "" : Long.toString(offset + length - 1);
      call.unsignedHeader("Range", "bytes=" + offset + "-" + last);
    }
    HttpResponse response;
    try {
      response = connection.send(call);
    } catch (S3ReplicaException e) {
      if (e.status() == RANGE_NOT_SATISFIABLE) {
        return nothing();
      }
      throw missingOr(e, file);
    }
    String problem = ContentRange.problem(response, !isWhole, offset, length);
    if (problem != null) {
      response.close();
      throw new ReplicaException("cannot read " + url(file) + ": " + problem, false);
    }
    return new ObjectStream(connection, call, response);
  }

  private static InputStream nothing() {
    return new ByteArrayInputStream(new byte[0]);
  }

  private IOException missingOr(S3ReplicaException e, LtxFileInfo file) {
    return e.saysMissing()
        ? new LtxFileMissingException("cannot read " + url(file) + ": no such object", e)
        : e;
  }

  String url(LtxFileInfo file) {
    return "s3://" + settings.bucket() + "/" + keys.key(file);
  }
}
