package io.walsync.replica.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The body of an answer: of announced length, in chunks, or up to the end of the connection. At its
 * end the connection goes back to the pool; closed before, the connection is closed unless the rest
 * is short enough to be read away.
 *
 * <p>Threading: read by one thread; {@link #close} by any, which ends a read that waits.
 */
final class HttpBodyStream extends InputStream {

  /** Reading this much away is cheaper than a new TLS connection. */
  private static final long DRAIN_LIMIT_BYTES = 64 * 1024;

  /** Changes once: by the reader at the end, by whoever closes, or by a failure. */
  private enum State {
    OPEN,
    COMPLETE,
    CLOSED
  }

  private static final int LONGEST_CHUNK_LINE = 1024;
  private static final long UNTIL_CLOSE = -1;
  private static final long CHUNKED = -2;

  private final HttpConnection connection;
  private final InputStream in;
  private final long length;

  /** Of the body, or of the chunk being read. */
  private long remaining;

  private long received;

  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  private volatile Thread reader = Thread.currentThread();

  private HttpBodyStream(HttpConnection connection, long length) {
    this.connection = connection;
    this.in = connection.input();
    this.length = length;
    this.remaining = Math.max(0, length);
  }

  /** Of an answer that was just read; a body of no length at all has already ended. */
  static HttpBodyStream of(HttpConnection connection, HttpHeaders headers, boolean hasBody)
      throws IOException {
    HttpBodyStream stream = new HttpBodyStream(connection, hasBody ? length(headers) : 0);
    if (stream.length == 0) {
      stream.end();
    }
    return stream;
  }

  private static long length(HttpHeaders headers) throws IOException {
    String encoding = headers.get("Transfer-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      if (!encoding.equalsIgnoreCase("chunked")) {
        throw new IOException("unknown Transfer-Encoding " + encoding);
      }
      return CHUNKED;
    }
    String length = headers.get("Content-Length");
    if (length == null) {
      return UNTIL_CLOSE;
    }
    try {
      long value = Long.parseLong(length.trim());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException("Content-Length is not a number: " + length, e);
    }
    throw new IOException("Content-Length is negative: " + length);
  }

  /** Whether all of it has been read. */
  boolean isComplete() {
    return state.get() == State.COMPLETE;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (isComplete()) {
      return -1;
    }
    if (state.get() == State.CLOSED) {
      throw new IOException("the answer has been closed before its end");
    }
    reader = Thread.currentThread();
    try {
      return readSome(buffer, offset, count);
    } catch (IOException e) {
      drop();
      throw e;
    }
  }

  private int readSome(byte[] buffer, int offset, int count) throws IOException {
    if (length == CHUNKED && remaining == 0) {
      readChunkHeader();
      if (remaining == 0) {
        return -1;
      }
    }
    int wanted = length == UNTIL_CLOSE ? count : (int) Math.min(count, remaining);
    int n = in.read(buffer, offset, wanted);
    if (n < 0) {
      if (length != UNTIL_CLOSE) {
        throw new EOFException("the connection ended after " + received + expected());
      }
      if (state.compareAndSet(State.OPEN, State.COMPLETE)) {
        connection.close();
      }
      return -1;
    }
    received += n;
    remaining -= n;
    if (length >= 0 && remaining == 0) {
      end();
    }
    return n;
  }

  private String expected() {
    return length >= 0 ? " of " + length + " bytes" : " bytes, in the middle of a chunk";
  }

  private void readChunkHeader() throws IOException {
    if (received > 0) {
      connection.readLine(LONGEST_CHUNK_LINE); // the line break after the chunk before
    }
    String line = connection.readLine(LONGEST_CHUNK_LINE);
    int semicolon = line.indexOf(';');
    String size = (semicolon < 0 ? line : line.substring(0, semicolon)).trim();
    try {
      remaining = Long.parseLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("not the size of a chunk: \"" + size + "\"", e);
    }
    if (remaining < 0) {
      throw new IOException("negative size of a chunk: " + size);
    }
    if (remaining == 0) {
      connection.skipTrailers();
      end();
    }
  }

  private void end() {
    if (state.compareAndSet(State.OPEN, State.COMPLETE)) {
      connection.release();
    }
  }

  private void drop() {
    if (state.compareAndSet(State.OPEN, State.CLOSED)) {
      connection.close();
    }
  }

  @Override
  public int available() throws IOException {
    return state.get() != State.OPEN || length == CHUNKED
        ? 0
        : (int) Math.min(in.available(), remaining);
  }

  @Override
  public void close() throws IOException {
    // Another thread closes to end a read that waits, which holds the lock of the buffer.
    boolean isReader = reader == Thread.currentThread();
    if (state.get() == State.OPEN && isReader && length >= 0 && remaining <= DRAIN_LIMIT_BYTES) {
      readAway();
    }
    drop();
  }

  private void readAway() throws IOException {
    if (remaining > in.available()) {
      return;
    }
    byte[] rest = new byte[(int) remaining];
    while (state.get() == State.OPEN) {
      read(rest, 0, rest.length);
    }
  }
}
