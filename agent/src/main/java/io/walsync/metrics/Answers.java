package io.walsync.metrics;

import io.walsync.db.events.DbStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of HTTP/1: GET and HEAD of {@code /metrics}, and nothing else. Who listens on
 * the loopback address is asked only by a name of this machine, so that no web page that a browser
 * has open can read it by a name of its own that leads here (DNS rebinding).
 */
final class Answers {

  static final String PATH = "/metrics";

  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";

  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]{1,20}) ([\\x21-\\x7e]+) HTTP/1\\.[01]");

  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|127\\.[0-9.]{5,11}|\\[::1\\])(:[0-9]{1,5})?");

  private final Supplier<List<DbStatus>> databases;
  private final boolean isLocal;
  private final boolean isLitestreamToo;

  /**
   * @param isLocal whether only this machine can ask
   */
  Answers(Supplier<List<DbStatus>> databases, boolean isLocal, boolean isLitestreamToo) {
    this.databases = databases;
    this.isLocal = isLocal;
    this.isLitestreamToo = isLitestreamToo;
  }

  /** To a request that does not end. */
  ByteBuffer tooLong() {
    return refusal("431 Request Header Fields Too Large", "the request is too long");
  }

  /**
   * @param head the lines of a request, without the empty one
   */
  ByteBuffer to(String head) {
    String[] lines = head.split("\r?\n", -1);
    Matcher request = REQUEST_LINE.matcher(lines[0]);
    String host = host(lines);
    if (!request.matches() || host == null) {
      return refusal("400 Bad Request", "this is not a request of HTTP/1");
    }
    if (isLocal && !host.isEmpty() && !LOCAL_HOST.matcher(host).matches()) {
      return refusal(
          "403 Forbidden", "ask by localhost or 127.0.0.1, or configure addr with an address");
    }
    String method = request.group(1);
    boolean isHead = method.equals("HEAD");
    String target = request.group(2);
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (!path.equals(PATH)) {
      return answer("404 Not Found", PLAIN, "", "there is only " + PATH + "\n", isHead);
    }
    if (!isHead && !method.equals("GET")) {
      return answer(
          "405 Method Not Allowed", PLAIN, "Allow: GET, HEAD\r\n", "only GET and HEAD\n", false);
    }
    return answer("200 OK", FORMAT, "", MetricsPage.of(databases.get(), isLitestreamToo), isHead);
  }

  /** Empty if none is named; null if a line is no header, or two are named. */
  private static @Nullable String host(String... lines) {
    String host = "";
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0 || lines[i].charAt(0) <= ' ') {
        return null;
      }
      if (lines[i].substring(0, colon).toLowerCase(Locale.ROOT).equals("host")) {
        if (!host.isEmpty()) {
          return null;
        }
        host = lines[i].substring(colon + 1).trim().toLowerCase(Locale.ROOT);
      }
    }
    return host;
  }

  private static ByteBuffer refusal(String status, String reason) {
    return answer(status, PLAIN, "", reason + "\n", false);
  }

  private static ByteBuffer answer(
      String status, String type, String header, String text, boolean isHead) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("HTTP/1.1 "
                + status
                + "\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                + header
                + "Connection: close\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer all = ByteBuffer.allocate(head.length + (isHead ? 0 : body.length)).put(head);
    if (!isHead) {
      all.put(body);
    }
    all.flip();
    return all;
  }
}
