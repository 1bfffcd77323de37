package io.walsync.replica.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Status, headers and body of an answer. Reading the body to its end, or closing, gives the
 * connection back; an answer that is neither read nor closed keeps its connection.
 */
public final class HttpResponse implements Closeable {

  private static final int COPY_BUFFER_BYTES = 8 * 1024;
  private static final byte[] NOTHING = {};

  private final int status;
  private final HttpHeaders headers;
  private final HttpBodyStream body;

  HttpResponse(int status, HttpHeaders headers, HttpBodyStream body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  public int status() {
    return status;
  }

  /** The first value of that name, or null. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Header names in order, as sent. */
  public HttpHeaders headers() {
    return headers;
  }

  /** Fails with an IOException if the connection ends before the announced length. */
  public InputStream body() {
    return body;
  }

  /**
   * Reads the body to its end.
   *
   * @throws IOException if it is longer than {@code limitBytes}
   */
  public byte[] readBody(int limitBytes) throws IOException {
    if (body.isComplete()) {
      return NOTHING; // the answer to nearly every PUT
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] buffer = new byte[COPY_BUFFER_BYTES];
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      if (content.size() + n > limitBytes) {
        throw new IOException("the answer is longer than " + limitBytes + " bytes");
      }
      content.write(buffer, 0, n);
    }
    return content.toByteArray();
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
