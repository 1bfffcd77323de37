package io.walsync.teststore;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Start line and headers of an HTTP/1.1 message, and how long its body is. */
final class HttpHead {

  private static final long CHUNKED = -2;
  private static final long UNTIL_CLOSE = -1;
  private static final int LONGEST_LINE = 64 * 1024;

  private final String startLine;
  private final Map<String, String> headers;

  private HttpHead(String startLine, Map<String, String> headers) {
    this.startLine = startLine;
    this.headers = headers;
  }

  /** Returns null if the peer closed instead of sending one. */
  static HttpHead read(InputStream in) throws IOException {
    String startLine = readLine(in);
    if (startLine == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = readLine(in); line != null && !line.isEmpty(); line = readLine(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return new HttpHead(startLine, headers);
  }

  String word(int index) {
    return startLine.split(" ")[index];
  }

  Map<String, String> headers() {
    return headers;
  }

  long requestBodyBytes() {
    return bodyBytes(0);
  }

  long answerBodyBytes() {
    int status = Integer.parseInt(word(1));
    return status == 204 || status == 304 ? 0 : bodyBytes(UNTIL_CLOSE);
  }

  private long bodyBytes(long withoutLength) {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return CHUNKED;
    }
    String length = headers.get("content-length");
    return length == null ? withoutLength : Long.parseLong(length);
  }

  void writeTo(OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder(startLine).append("\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  static void copyBody(InputStream in, OutputStream out, long bodyBytes, long limit)
      throws IOException {
    if (bodyBytes == CHUNKED) {
      copyChunks(in, out);
    } else if (bodyBytes == UNTIL_CLOSE) {
      in.transferTo(out);
    } else {
      copy(in, out, Math.min(bodyBytes, limit));
    }
  }

  private static void copyChunks(InputStream in, OutputStream out) throws IOException {
    long size;
    do {
      String line = readLine(in);
      if (line == null) {
        throw new EOFException("chunk header");
      }
      write(out, line);
      size = Long.parseLong(line.split(";")[0].trim(), 16);
      if (size > 0) {
        copy(in, out, size);
        write(out, readLine(in));
      }
    } while (size > 0);
    String trailer;
    do {
      trailer = readLine(in);
      write(out, trailer);
    } while (!trailer.isEmpty());
  }

  private static void write(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void copy(InputStream in, OutputStream out, long count) throws IOException {
    byte[] buffer = new byte[(int) Math.min(64 * 1024, Math.max(1, count))];
    long left = count;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new EOFException(left + " bytes of the body are missing");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  private static String readLine(InputStream in) throws IOException {
    java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream(128);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (line.size() > LONGEST_LINE) {
        throw new IOException("line too long");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
