package io.walsync.replica.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** An HTTP proxy between us and the server. Never the application's {@code ProxySelector}. */
public final class HttpProxy {

  private final HttpOrigin origin;
  private final String authorization;

  private HttpProxy(HttpOrigin origin, String authorization) {
    this.origin = origin;
    this.authorization = authorization;
  }

  /**
   * @param uri {@code http://[user:password@]host:port}
   * @throws IllegalArgumentException if it is anything else; the message never holds the password
   */
  public static HttpProxy of(String uri) {
    URI parsed;
    HttpOrigin origin;
    try {
      parsed = new URI(uri.contains("://") ? uri : "http://" + uri);
      origin = HttpOrigin.of(parsed);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IllegalArgumentException("a proxy is http://[user:password@]host:port");
    }
    if (origin.isTls()) {
      throw new IllegalArgumentException("a proxy that is itself reached by TLS is not supported");
    }
    String user = parsed.getUserInfo();
    return new HttpProxy(
        origin,
        user == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The proxy that {@code HTTPS_PROXY} or {@code HTTP_PROXY} name for an origin, in either case of
   * letters, unless {@code NO_PROXY} excludes its host; null for a direct connection.
   */
  public static HttpProxy fromEnvironment(Map<String, String> environment, HttpOrigin target) {
    String uri = either(environment, target.isTls() ? "HTTPS_PROXY" : "HTTP_PROXY");
    if (uri.isEmpty() || isExcluded(either(environment, "NO_PROXY"), target.bareHost())) {
      return null;
    }
    return of(uri);
  }

  private static String either(Map<String, String> environment, String name) {
    String value = environment.get(name.toLowerCase(Locale.ROOT));
    if (value == null || value.isEmpty()) {
      value = environment.get(name);
    }
    return value == null ? "" : value.trim();
  }

  private static boolean isExcluded(String noProxy, String host) {
    boolean isLocal = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    for (String entry : noProxy.toLowerCase(Locale.ROOT).split(",")) {
      String name = entry.trim();
      String suffix = name.startsWith("*") ? name.substring(1) : name;
      String domain = suffix.startsWith(".") ? suffix : "." + suffix;
      boolean matches =
          name.equals("*")
              || !suffix.isEmpty() && ("." + host.toLowerCase(Locale.ROOT)).endsWith(domain);
      if (matches) {
        return true;
      }
    }
    return isLocal;
  }

  HttpOrigin origin() {
    return origin;
  }

  /** The value of {@code Proxy-Authorization}, or null. */
  String authorization() {
    return authorization;
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return origin.toString();
  }
}
