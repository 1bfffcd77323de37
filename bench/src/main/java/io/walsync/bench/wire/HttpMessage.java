package io.walsync.bench.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The head of an HTTP/1.1 message, kept byte for byte since signatures cover it. */
final class HttpMessage {

  private static final int LONGEST_HEAD_BYTES = 256 * 1024;
  private static final int COPY_BYTES = 64 * 1024;

  private final byte[] head;
  private final String[] startLine;
  private final Map<String, String> headers = new HashMap<>();

  private HttpMessage(byte[] head) throws IOException {
    this.head = head;
    String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n");
    startLine = lines[0].split(" ", 3);
    if (startLine.length < 2) {
      throw new IOException("not HTTP: " + lines[0]);
    }
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).trim());
      }
    }
  }

  /** Returns null if the other side closed instead of sending one. */
  static HttpMessage read(InputStream in) throws IOException {
    byte[] head = readHead(in);
    return head == null ? null : new HttpMessage(head);
  }

  private static byte[] readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(1024);
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      if (head.size() == LONGEST_HEAD_BYTES) {
        throw new IOException("head longer than " + LONGEST_HEAD_BYTES + " bytes");
      }
      head.write(b);
      boolean isExpected = b == (matched % 2 == 0 ? '\r' : '\n');
      matched = isExpected ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return head.toByteArray();
  }

  String method() {
    return startLine[0];
  }

  String target() {
    return startLine[1];
  }

  int status() {
    return Integer.parseInt(startLine[1]);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  boolean isExpectingContinue() {
    return header("expect").equalsIgnoreCase("100-continue");
  }

  void writeHead(OutputStream out) throws IOException {
    out.write(head);
  }

  int headBytes() {
    return head.length;
  }

  /** Passes the body of a request on; returns its bytes. */
  long copyRequestBody(InputStream in, OutputStream out) throws IOException {
    return isChunked() ? copyChunks(in, out) : copy(in, out, contentLength(0));
  }

  /** Passes the body of the answer to a request on; returns its bytes. */
  long copyAnswerBody(HttpMessage request, InputStream in, OutputStream out) throws IOException {
    if (request.method().equals("HEAD") || status() == 204 || status() == 304) {
      return 0;
    }
    if (isChunked()) {
      return copyChunks(in, out);
    }
    long length = contentLength(-1);
    return length < 0 ? in.transferTo(out) : copy(in, out, length);
  }

  private boolean isChunked() {
    return header("transfer-encoding").equalsIgnoreCase("chunked");
  }

  private long contentLength(long otherwise) {
    String length = header("content-length");
    return length.isEmpty() ? otherwise : Long.parseLong(length);
  }

  private static long copy(InputStream in, OutputStream out, long count) throws IOException {
    byte[] buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(1, count))];
    for (long left = count; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new EOFException(left + " bytes of a body are missing");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
    return count;
  }

  private static long copyChunks(InputStream in, OutputStream out) throws IOException {
    long total = 0;
    while (true) {
      String line = copyLine(in, out);
      long size = Long.parseLong(line.split(";")[0].trim(), 16);
      if (size == 0) {
        break;
      }
      total += copy(in, out, size);
      copyLine(in, out);
    }
    while (!copyLine(in, out).isEmpty()) {
      // trailers
      continue;
    }
    return total;
  }

  private static String copyLine(InputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(32);
    int b;
    do {
      b = in.read();
      if (b < 0) {
        throw new EOFException("a chunk is missing");
      }
      line.write(b);
    } while (b != '\n');
    out.write(line.toByteArray());
    return line.toString(StandardCharsets.ISO_8859_1).trim();
  }
}
