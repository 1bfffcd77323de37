package io.walsync.metrics;

import io.walsync.db.events.DbStatus;
import io.walsync.status.AgentFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of HTTP/1: GET and HEAD of {@code /metrics}, of the page for people at {@code /}
 * and of what that asks for, and nothing else. Who listens on the loopback address is asked only by
 * a name of this machine, so that no web page that a browser has open can read it by a name of its
 * own that leads here (DNS rebinding).
 */
final class Answers {

  static final String PATH = "/metrics";

  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** The page takes nothing from elsewhere and is shown in nobody's frame. */
  private static final String POLICY =
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';"
          + " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'\r\nCross-Origin-Resource-Policy: same-origin\r\n"
          + "Referrer-Policy: no-referrer\r\n";

  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]{1,20}) ([\\x21-\\x7e]+) HTTP/1\\.[01]");

  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|127\\.[0-9.]{5,11}|\\[::1\\])(:[0-9]{1,5})?");

  private final Supplier<List<DbStatus>> databases;
  private final Supplier<@Nullable AgentFacts> agent;
  private final boolean isLocal;
  private final boolean isLitestreamToo;

  /**
   * @param isLocal whether only this machine can ask
   */
  Answers(
      Supplier<List<DbStatus>> databases,
      Supplier<@Nullable AgentFacts> agent,
      boolean isLocal,
      boolean isLitestreamToo) {
    this.databases = databases;
    this.agent = agent;
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
    byte[] body = body(path);
    if (body == null) {
      return answer("404 Not Found", PLAIN, "", text("there are / and " + PATH + "\n"), isHead);
    }
    if (!isHead && !method.equals("GET")) {
      return answer(
          "405 Method Not Allowed",
          PLAIN,
          "Allow: GET, HEAD\r\n",
          text("only GET and HEAD\n"),
          false);
    }
    return answer("200 OK", type(path), POLICY, body, isHead);
  }

  /** Null if there is nothing of that name. */
  private byte @Nullable [] body(String path) {
    try {
      switch (path) {
        case PATH:
          return text(MetricsPage.of(databases.get(), isLitestreamToo));
        case "/":
          return StatusPage.file("page.html");
        case "/page.css":
        case "/page.js":
          return StatusPage.file(path.substring(1));
        case "/status.json":
          return text(StatusPage.values(agent.get(), databases.get()));
        default:
          return null;
      }
    } catch (IOException damagedJar) {
      return null;
    }
  }

  private static String type(String path) {
    switch (path) {
      case PATH:
        return FORMAT;
      case "/":
        return "text/html; charset=utf-8";
      case "/page.css":
        return "text/css; charset=utf-8";
      case "/page.js":
        return "text/javascript; charset=utf-8";
      default:
        return JSON;
    }
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
    return answer(status, PLAIN, "", text(reason + "\n"), false);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer answer(
      String status, String type, String header, byte[] body, boolean isHead) {
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
