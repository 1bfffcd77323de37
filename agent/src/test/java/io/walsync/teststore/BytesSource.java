package io.walsync.teststore;

import io.walsync.replica.LtxSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** An {@link LtxSource} over an array. */
public class BytesSource implements LtxSource {

  private final byte[] content;

  public BytesSource(byte[] content) {
    this.content = content;
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public InputStream open(long offset) {
    int from = Math.toIntExact(offset);
    return new ByteArrayInputStream(content, from, content.length - from);
  }
}
