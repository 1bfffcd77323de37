package io.walsync.replica.s3;

import io.walsync.replica.http.HttpBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A body held in memory: the small XML and form requests. */
final class BytesBody implements HttpBody {

  private final byte[] content;

  BytesBody(byte[] content) {
    this.content = content;
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(content);
  }
}
