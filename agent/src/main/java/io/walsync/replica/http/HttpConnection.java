package io.walsync.replica.http;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * One connection: sends a request, reads the head of the answer.
 *
 * <p>Threading: used by one thread at a time; {@link #close} by any.
 */
final class HttpConnection implements Closeable {

  /** Two TLS records; a small PUT leaves in one write. */
  private static final int WRITE_BUFFER_BYTES = 32 * 1024;

  private static final int READ_BUFFER_BYTES = 16 * 1024;

  /** What fits the socket's own buffer cannot stall, and needs no guard. */
  private static final int UNGUARDED_BYTES = 8 * 1024;

  /** The first byte of what a TLS server says to plain HTTP. */
  private static final int TLS_ALERT = 0x15;

  private static final int LONGEST_HEAD_LINE = 16 * 1024;
  private static final int MOST_HEAD_LINES = 200;

  /** How long to look for the reason when a server hangs up in the middle of a request. */
  private static final int EARLY_ANSWER_MILLIS = 1_000;

  private final HttpOrigin origin;
  private final HttpClient client;
  private final Socket tcp;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[WRITE_BUFFER_BYTES];
  private final StringBuilder line = new StringBuilder(128);

  private boolean mayBeKept;
  private boolean isBroken;
  private boolean hasAnswered;
  private long idleSinceNanos;

  /**
   * @param tcp the socket below {@code socket}, the same for plain HTTP
   */
  HttpConnection(HttpOrigin origin, HttpClient client, Socket tcp, Socket socket)
      throws IOException {
    this.origin = origin;
    this.client = client;
    this.tcp = tcp;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), READ_BUFFER_BYTES);
    this.out = socket.getOutputStream();
  }

  HttpOrigin origin() {
    return origin;
  }

  InputStream input() {
    return in;
  }

  /** Whether a line of an answer to the last exchange has begun to come. */
  boolean hasAnswered() {
    return hasAnswered;
  }

  long idleNanos(long nowNanos) {
    return nowNanos - idleSinceNanos;
  }

  /** Whether something came that nobody asked for, and would be taken for the next answer. */
  boolean hasLeftovers() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      return true;
    }
  }

  void markIdle(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  /**
   * Whether the server still holds an idle connection open. Looks below TLS, where nothing but the
   * end of the connection can arrive while no request is out; costs a millisecond.
   */
  boolean isAlive() {
    try {
      int timeout = tcp.getSoTimeout();
      tcp.setSoTimeout(1);
      try {
        tcp.getInputStream().read();
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        tcp.setSoTimeout(timeout);
      }
    } catch (IOException e) {
      return false;
    }
  }

  HttpResponse exchange(HttpRequest request, StallGuard guard) throws IOException {
    hasAnswered = false;
    try {
      write(request, guard);
    } catch (ContentUnreadableException e) {
      close();
      throw e;
    } catch (IOException e) {
      return earlyAnswer(request, e);
    }
    return readAnswer(request);
  }

  private void write(HttpRequest request, StallGuard guard) throws IOException {
    HttpBody body = request.body();
    long bodyBytes = body == null ? 0 : body.sizeBytes();
    byte[] head = head(request, bodyBytes);
    boolean isGuarded = head.length + bodyBytes > UNGUARDED_BYTES;
    StallGuard.Watch watch = isGuarded ? guard.watch(tcp) : StallGuard.UNWATCHED;
    try {
      int used = 0;
      if (head.length < buffer.length) {
        System.arraycopy(head, 0, buffer, 0, head.length);
        used = head.length;
      } else {
        out.write(head);
      }
      if (body == null || bodyBytes == 0) {
        out.write(buffer, 0, used);
      } else {
        writeBody(body, used, watch);
      }
      out.flush();
    } catch (IOException e) {
      throw watch.hasFired() ? guard.stalled(e) : e;
    } finally {
      watch.end();
    }
  }

  private void writeBody(HttpBody body, int headBytes, StallGuard.Watch watch) throws IOException {
    int used = headBytes;
    long left = body.sizeBytes();
    try (InputStream content = open(body)) {
      while (left > 0) {
        int n = read(content, used, (int) Math.min(buffer.length - used, left));
        used += n;
        left -= n;
        if (used == buffer.length || left == 0) {
          out.write(buffer, 0, used);
          watch.progressed();
          used = 0;
        }
      }
    }
  }

  private static InputStream open(HttpBody body) throws ContentUnreadableException {
    try {
      return body.open();
    } catch (IOException e) {
      throw new ContentUnreadableException(e);
    }
  }

  private int read(InputStream content, int offset, int count) throws ContentUnreadableException {
    try {
      int n = content.read(buffer, offset, count);
      if (n < 0) {
        throw new EOFException("it ended early");
      }
      return n;
    } catch (IOException e) {
      throw new ContentUnreadableException(e);
    }
  }

  private byte[] head(HttpRequest request, long bodyBytes) {
    StringBuilder head = new StringBuilder(1024);
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(origin.authority()).append("\r\n");
    HttpHeaders headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      head.append(headers.name(i)).append(": ").append(headers.value(i)).append("\r\n");
    }
    if (request.body() != null || request.expectsBody()) {
      head.append("Content-Length: ").append(bodyBytes).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A server that refuses a large body answers and hangs up before it has read it all. */
  private HttpResponse earlyAnswer(HttpRequest request, IOException failure) throws IOException {
    isBroken = true;
    try {
      socket.setSoTimeout(EARLY_ANSWER_MILLIS);
      return readAnswer(request);
    } catch (IOException e) {
      close();
      throw failure;
    }
  }

  private HttpResponse readAnswer(HttpRequest request) throws IOException {
    try {
      int status = readStatus();
      HttpHeaders headers = readHeaders();
      while (status >= 100 && status < 200) {
        status = readStatus();
        headers = readHeaders();
      }
      String connection = headers.get("Connection");
      mayBeKept = !isBroken && (connection == null || !connection.equalsIgnoreCase("close"));
      boolean hasBody = !request.method().equals("HEAD") && status != 204 && status != 304;
      return new HttpResponse(status, headers, HttpBodyStream.of(this, headers, hasBody));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private int readStatus() throws IOException {
    in.mark(1);
    boolean isTlsAlert = in.read() == TLS_ALERT;
    in.reset();
    if (isTlsAlert) {
      throw new IOException("it speaks TLS; its URL is https:// rather than http://");
    }
    String status = readLine(LONGEST_HEAD_LINE);
    boolean isHttp1 = status.startsWith("HTTP/1.") && status.length() >= 12;
    if (!isHttp1) {
      throw new IOException("the server does not speak HTTP/1.1");
    }
    try {
      return Integer.parseInt(status.substring(9, 12));
    } catch (NumberFormatException e) {
      throw new IOException("not an HTTP status line: \"" + status + "\"", e);
    }
  }

  private HttpHeaders readHeaders() throws IOException {
    HttpHeaders headers = new HttpHeaders();
    for (int i = 0; i < MOST_HEAD_LINES; i++) {
      String header = readLine(LONGEST_HEAD_LINE);
      if (header.isEmpty()) {
        return headers;
      }
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw new IOException("not an HTTP header: \"" + header + "\"");
      }
      headers.add(header.substring(0, colon), header.substring(colon + 1).trim());
    }
    throw new IOException("an answer with more than " + MOST_HEAD_LINES + " headers");
  }

  void skipTrailers() throws IOException {
    for (int i = 0; i < MOST_HEAD_LINES; i++) {
      if (readLine(LONGEST_HEAD_LINE).isEmpty()) {
        return;
      }
    }
    throw new IOException("an answer with more than " + MOST_HEAD_LINES + " trailers");
  }

  /** One line without its end, as ISO 8859-1. */
  String readLine(int limit) throws IOException {
    line.setLength(0);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException(
            hasAnswered ? "the connection ended in the middle of an answer" : "no answer");
      }
      hasAnswered = true;
      if (line.length() == limit) {
        throw new IOException("a line of an answer is longer than " + limit + " bytes");
      }
      line.append((char) b);
    }
    int length = line.length();
    boolean hasReturn = length > 0 && line.charAt(length - 1) == '\r';
    return line.substring(0, hasReturn ? length - 1 : length);
  }

  /** The answer has been read to its end. */
  void release() {
    if (mayBeKept) {
      client.keep(this);
    } else {
      close();
    }
  }

  @Override
  public void close() {
    client.forget(this);
    try {
      tcp.close(); // not the TLS socket, whose close may write and block
    } catch (IOException e) {
      return; // closed either way
    }
  }
}
