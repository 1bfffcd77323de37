package io.walsync.replica.http;

import java.io.IOException;
import java.io.InputStream;

/** A request body of known length that can be read again. */
public interface HttpBody {

  long sizeBytes();

  /** A new stream of exactly {@link #sizeBytes} bytes. */
  InputStream open() throws IOException;
}
