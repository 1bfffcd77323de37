package io.walsync.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection: a request is read, an answer written, and what else the client sends is dropped
 * until it closes, since an early close could take the answer away from it.
 */
final class Exchange {

  /** Bytes of a request. That of Prometheus has some 300; cookies of a browser may be long. */
  private static final int MOST_REQUEST_BYTES = 8 * 1024;

  private static final ByteBuffer NOTHING_LEFT = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final long endNanos;
  private final Answers answers;

  private final byte[] received = new byte[MOST_REQUEST_BYTES];
  private @Nullable ByteBuffer request = ByteBuffer.wrap(received);
  private @Nullable ByteBuffer answer;

  /**
   * @param endNanos when it is closed whatever the client does
   */
  Exchange(SocketChannel channel, long endNanos, Answers answers) {
    this.channel = channel;
    this.endNanos = endNanos;
    this.answers = answers;
  }

  long endNanos() {
    return endNanos;
  }

  /** Goes on, without waiting; returns whether there is something left to do. */
  boolean advance(SelectionKey key) throws IOException {
    if (answer == null) {
      answer = read();
      if (answer == null) {
        return channel.isOpen();
      }
      key.interestOps(SelectionKey.OP_WRITE);
    }
    ByteBuffer writing = answer;
    if (!writing.hasRemaining()) {
      return channel.read(ByteBuffer.allocate(MOST_REQUEST_BYTES)) >= 0;
    }
    channel.write(writing);
    if (!writing.hasRemaining()) {
      answer = NOTHING_LEFT;
      channel.shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
    }
    return true;
  }

  /** Returns the answer, once the request is there. */
  private @Nullable ByteBuffer read() throws IOException {
    ByteBuffer reading = request;
    if (reading == null || channel.read(reading) < 0) {
      channel.close();
      return null;
    }
    String text = new String(received, 0, reading.position(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    int bareEnd = text.indexOf("\n\n");
    if (end < 0 && bareEnd < 0) {
      return reading.hasRemaining() ? null : answers.tooLong();
    }
    request = null;
    return answers.to(text.substring(0, end < 0 ? bareEnd : end));
  }

  void close() {
    try {
      channel.close();
    } catch (IOException gone) {
      return;
    }
  }
}
