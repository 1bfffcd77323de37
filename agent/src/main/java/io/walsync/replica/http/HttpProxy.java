package io.walsync.replica.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy between us and the server. */
public final class HttpProxy {

  private final HttpOrigin origin;
  private final @Nullable String authorization;
  private final @Nullable String source;

  private HttpProxy(HttpOrigin origin, @Nullable String userInfo, @Nullable String source) {
    this.origin = origin;
    this.authorization =
        userInfo == null
            ? null
            : "Basic "
                + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    this.source = source;
  }

  /**
   * @param uri {@code http://[user:password@]host:port}
   * @throws IllegalArgumentException if it is anything else; the message never holds the password
   */
  public static HttpProxy of(String uri) {
    return of(uri, null);
  }

  /**
   * @param source where it is set, for messages; null if nobody needs to be told
   */
  static HttpProxy of(String uri, @Nullable String source) {
    String where = source == null ? "" : source + ": ";
    URI parsed;
    HttpOrigin origin;
    try {
      parsed = new URI(uri.contains("://") ? uri : "http://" + uri);
      origin = HttpOrigin.of(parsed);
    } catch (URISyntaxException | IllegalArgumentException e) {
      boolean isSocks = uri.startsWith("socks");
      throw new IllegalArgumentException(
          where
              + "a proxy is http://[user:password@]host:port"
              + (isSocks ? "; SOCKS is not supported" : ""));
    }
    if (origin.isTls()) {
      throw new IllegalArgumentException(
          where + "a proxy that is itself reached by TLS (https://) is not supported");
    }
    return new HttpProxy(origin, parsed.getUserInfo(), source);
  }

  /**
   * @param userInfo {@code user:password} or null
   */
  static HttpProxy of(String host, String port, @Nullable String userInfo, String source) {
    boolean isAddress6 = host.indexOf(':') >= 0 && !host.startsWith("[");
    try {
      URI uri = new URI("http://" + (isAddress6 ? "[" + host + "]" : host) + ":" + port);
      return new HttpProxy(HttpOrigin.of(uri), userInfo, source);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": not a host and a port");
    }
  }

  HttpOrigin origin() {
    return origin;
  }

  /** The value of {@code Proxy-Authorization}, or null. */
  @Nullable String authorization() {
    return authorization;
  }

  /** Without user and password, with the place where it is set. */
  @Override
  public String toString() {
    return source == null ? origin.toString() : origin + " (" + source + ")";
  }
}
