package io.walsync.replica.s3;

import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object while its content is made: what fits into one part as any other object, more in
 * parts, one after the other. The object appears when the content has proved itself, if its name is
 * still free; on any failure the parts are dropped.
 *
 * <p>Its SHA-256 is not known when it is begun, so none is recorded. What is noted instead tells
 * the object of this very upload, should an answer be lost. The store has the SHA-256 of each part.
 *
 * <p>Memory: one part. Threading: one thread.
 */
final class StreamedWrite extends OutputStream {

  /** Enough for 50 GB; the least that S3 takes. */
  private static final long PART_BYTES = 5L << 20;

  private final S3Writes writes;
  private final WriteProof proof;
  private final S3Connection connection;
  private final S3Settings settings;
  private final UnfinishedUploads unfinished;
  private final S3Quirks quirks;
  private final LtxFileInfo name;
  private final LtxStream content;
  private final String upload = UUID.randomUUID().toString();
  private final byte[] part;
  private final List<String> etags = new ArrayList<>();
  private int filled;
  private String key = "";

  /** Null before the first part is sent. */
  private @Nullable MultipartUpload parts;

  /** Whether the store has said that the parts are an object by now. */
  private boolean isCompleted;

  StreamedWrite(
      S3Writes writes,
      WriteProof proof,
      S3Connection connection,
      S3Settings settings,
      UnfinishedUploads unfinished,
      S3Quirks quirks,
      LtxFileInfo name,
      LtxStream content) {
    this.writes = writes;
    this.proof = proof;
    this.connection = connection;
    this.settings = settings;
    this.unfinished = unfinished;
    this.quirks = quirks;
    this.name = name;
    this.content = content;
    long partBytes = MultipartWrite.partBytes(content.mostBytes(), PART_BYTES);
    this.part = new byte[(int) Math.min(partBytes, Math.max(1, content.mostBytes()))];
  }

  LtxFileInfo run(String objectKey) throws IOException {
    key = objectKey;
    LtxFileInfo there = proof.sameState(name, content);
    if (there != null) {
      return there;
    }
    IOException failure = null;
    try {
      content.writeTo(this);
      return parts == null ? writeWhole() : complete(parts);
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      if (parts != null) {
        end(parts, failure);
      }
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      if (filled == part.length) {
        send(begun()); // only now: the last one may be short, but not empty
      }
      int fits = Math.min(count - done, part.length - filled);
      System.arraycopy(bytes, offset + done, part, filled, fits);
      filled += fits;
      done += fits;
    }
  }

  private void send(MultipartUpload begun) throws IOException {
    if (etags.size() == MultipartWrite.MOST_PARTS) {
      throw new IOException("cannot write " + key + ": it is longer than was said");
    }
    HttpBody body = body(filled);
    for (int failureCount = 1; ; failureCount++) {
      try {
        etags.add(begun.send(etags.size(), body));
        filled = 0;
        return;
      } catch (IOException e) {
        content.awaitNextTry(e, failureCount);
      }
    }
  }

  private HttpBody body(int sizeBytes) {
    return new HttpBody() {
      @Override
      public long sizeBytes() {
        return sizeBytes;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(part, 0, sizeBytes);
      }
    };
  }

  private MultipartUpload begun() throws IOException {
    MultipartUpload begun = parts;
    if (begun == null) {
      unfinished.dropOf(key);
      S3Call call = MultipartUpload.call(key);
      ObjectHead.addTo(call, settings, name.createdMillis(), content, upload);
      begun = MultipartUpload.begin(connection, settings, unfinished, key, call);
      parts = begun;
    }
    return begun;
  }

  /** An object as all others, with its SHA-256. */
  private LtxFileInfo writeWhole() throws IOException {
    MessageDigest digest = Sha256.digest();
    digest.update(part, 0, filled);
    LtxFileInfo file = name.withSizeBytes(filled);
    try {
      writes.write(file, new Part(), Sha256.toHex(digest.digest()));
      return file;
    } catch (LtxFileConflictException e) {
      LtxFileInfo same = proof.sameState(name, content);
      if (same == null) {
        throw e;
      }
      return same;
    }
  }

  private LtxFileInfo complete(MultipartUpload begun) throws IOException {
    long sizeBytes = (long) etags.size() * part.length + filled;
    send(begun);
    if (quirks.ignoresConditions) {
      LtxFileInfo same = proof.sameState(name, content);
      if (same != null) {
        return same;
      }
    }
    IOException unsure = null;
    try {
      begun.complete(etags, !quirks.ignoresConditions);
      isCompleted = true;
    } catch (IOException e) {
      unsure = e; // it may be there all the same
    }
    LtxFileInfo there = proof.sameState(name, content, upload);
    if (there == null) {
      throw unsure == null ? proof.missing(name) : unsure;
    }
    if (unsure == null && there.sizeBytes() != sizeBytes) {
      throw proof.missing(name);
    }
    return there;
  }

  private void end(MultipartUpload begun, @Nullable IOException failure) {
    try {
      if (!isCompleted) {
        begun.drop();
      }
    } catch (IOException e) {
      if (failure != null) {
        failure.addSuppressed(e);
      }
    } finally {
      begun.ended();
    }
  }

  private final class Part implements LtxSource {

    @Override
    public long sizeBytes() {
      return filled;
    }

    @Override
    public long databaseChecksum() {
      return content.databaseChecksum();
    }

    @Override
    public long epoch() {
      return content.epoch();
    }

    @Override
    public InputStream open(long offset) {
      int from = (int) Math.min(offset, filled);
      return new ByteArrayInputStream(part, from, filled - from);
    }
  }
}
