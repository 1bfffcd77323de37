package io.walsync.replica.s3;

import io.walsync.replica.BoundedInputStream;
import io.walsync.replica.LtxSource;
import io.walsync.replica.http.HttpBody;
import java.io.IOException;
import java.io.InputStream;

/** A range of an {@link LtxSource}: the whole of it, or one part. */
final class SourceBody implements HttpBody {

  private final LtxSource source;
  private final long offset;
  private final long sizeBytes;

  SourceBody(LtxSource source, long offset, long sizeBytes) {
    this.source = source;
    this.offset = offset;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public InputStream open() throws IOException {
    InputStream content = source.open(offset);
    boolean isToTheEnd = offset + sizeBytes == source.sizeBytes();
    return isToTheEnd ? content : new BoundedInputStream(content, sizeBytes);
  }
}
