package io.walsync.replica.http;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port of a server: what connections are pooled by. */
public final class HttpOrigin {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final boolean isTls;
  private final String host;
  private final int port;

  private HttpOrigin(boolean isTls, String host, int port) {
    this.isTls = isTls;
    this.host = host;
    this.port = port;
  }

  /**
   * @param uri {@code http} or {@code https} with a host; the port may be missing
   * @throws IllegalArgumentException for anything else
   */
  public static HttpOrigin of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean isTls = scheme.equals("https");
    String authority = uri.getRawAuthority();
    if (authority == null || !isTls && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "an endpoint is http://host[:port] or https://host[:port]");
    }
    int defaultPort = isTls ? HTTPS_PORT : HTTP_PORT;
    if (uri.getHost() != null) {
      return new HttpOrigin(isTls, uri.getHost(), uri.getPort() < 0 ? defaultPort : uri.getPort());
    }
    // java.net.URI knows no host with an underscore, and Compose makes such names.
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = hostAndPort.lastIndexOf(':');
    if (hostAndPort.isEmpty() || colon == 0) {
      throw new IllegalArgumentException("an endpoint has a host");
    }
    if (colon < 0) {
      return new HttpOrigin(isTls, hostAndPort, defaultPort);
    }
    try {
      int port = Integer.parseInt(hostAndPort.substring(colon + 1));
      return new HttpOrigin(isTls, hostAndPort.substring(0, colon), port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the port of an endpoint is a number");
    }
  }

  /** The same server under another name, as virtual-hosted buckets need it. */
  public HttpOrigin withHost(String otherHost) {
    return new HttpOrigin(isTls, otherHost, port);
  }

  public boolean isTls() {
    return isTls;
  }

  /** As in the URL: an IPv6 address keeps its brackets. */
  public String host() {
    return host;
  }

  /** For name resolution and TLS: an IPv6 address without its brackets. */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  public int port() {
    return port;
  }

  /** The {@code Host} header: the port only if it is not the scheme's own. */
  public String authority() {
    return port == (isTls ? HTTPS_PORT : HTTP_PORT) ? host : host + ":" + port;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof HttpOrigin)) {
      return false;
    }
    HttpOrigin that = (HttpOrigin) other;
    return isTls == that.isTls && port == that.port && host.equals(that.host);
  }

  @Override
  public int hashCode() {
    return host.hashCode() * 31 + port;
  }

  @Override
  public String toString() {
    return (isTls ? "https://" : "http://") + authority();
  }
}
