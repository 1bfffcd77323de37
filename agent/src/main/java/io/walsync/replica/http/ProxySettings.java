package io.walsync.replica.http;

import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a process is told to use for a server: what {@code -Dhttps.proxyHost} and its kin
 * say, else {@code HTTPS_PROXY} and its kin. Never the application's {@code ProxySelector}, which
 * is code of the application's. This machine is always asked directly.
 */
public final class ProxySettings {

  private static final int DEFAULT_HTTP_PORT = 80;
  private static final int DEFAULT_HTTPS_PORT = 443;

  private final @Nullable HttpProxy always;
  private final @Nullable Map<String, String> environment;
  private final @Nullable UnaryOperator<String> properties;

  private ProxySettings(
      @Nullable HttpProxy always,
      @Nullable Map<String, String> environment,
      @Nullable UnaryOperator<String> properties) {
    this.always = always;
    this.environment = environment;
    this.properties = properties;
  }

  /** Direct connections. */
  public static ProxySettings none() {
    return new ProxySettings(null, null, null);
  }

  /** One for every server. */
  public static ProxySettings always(HttpProxy proxy) {
    return new ProxySettings(proxy, null, null);
  }

  /**
   * @param properties such as {@code System::getProperty}; null for one that is not set
   */
  public static ProxySettings of(
      Map<String, String> environment, UnaryOperator<String> properties) {
    return new ProxySettings(null, environment, properties);
  }

  /**
   * The proxy for a server, or null for a direct connection.
   *
   * @throws IllegalArgumentException if what is set is not a proxy we can use; names where it is
   *     set, never shows a password
   */
  public @Nullable HttpProxy forOrigin(HttpOrigin target) {
    if (environment == null) {
      return always;
    }
    String host = target.bareHost().toLowerCase(Locale.ROOT);
    if (isThisMachine(host)) {
      return null;
    }
    String scheme = target.isTls() ? "https" : "http";
    String proxyHost = property(scheme + ".proxyHost");
    if (!proxyHost.isEmpty()) {
      return isNonProxyHost(property("http.nonProxyHosts"), host)
          ? null
          : ofProperties(scheme, proxyHost);
    }
    String variable = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
    String uri = variable(variable);
    if (uri.isEmpty() || isExcluded(variable("NO_PROXY"), host, target.port())) {
      return null;
    }
    return HttpProxy.of(uri, variable);
  }

  private HttpProxy ofProperties(String scheme, String proxyHost) {
    String port = property(scheme + ".proxyPort");
    int defaultPort = scheme.equals("https") ? DEFAULT_HTTPS_PORT : DEFAULT_HTTP_PORT;
    String user = property(scheme + ".proxyUser");
    String password = property(scheme + ".proxyPassword");
    return HttpProxy.of(
        proxyHost,
        port.isEmpty() ? Integer.toString(defaultPort) : port,
        user.isEmpty() ? null : user + ":" + password,
        "-D" + scheme + ".proxyHost");
  }

  /** What the JVM is told about proxies and we do not do, or null. */
  public static @Nullable String unsupported(UnaryOperator<String> properties) {
    if (isSet(properties.apply("socksProxyHost"))) {
      return "-DsocksProxyHost";
    }
    boolean isSystem = Boolean.parseBoolean(properties.apply("java.net.useSystemProxies"));
    return isSystem ? "-Djava.net.useSystemProxies" : null;
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.trim().isEmpty();
  }

  private String property(String name) {
    String value = properties == null ? null : properties.apply(name);
    return value == null ? "" : value.trim();
  }

  /** Lower case first, as curl does it. */
  private String variable(String name) {
    assert environment != null : "else there is one proxy always";
    String value = environment.get(name.toLowerCase(Locale.ROOT));
    if (!isSet(value)) {
      value = environment.get(name);
    }
    return value == null ? "" : value.trim();
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** Names separated by bars, a star at the beginning or the end, as the JDK reads them. */
  private static boolean isNonProxyHost(String patterns, String host) {
    for (String entry : patterns.toLowerCase(Locale.ROOT).split("\\|")) {
      String pattern = withoutBrackets(entry.trim());
      boolean hasStart = pattern.startsWith("*");
      boolean hasEnd = pattern.endsWith("*") && pattern.length() > 1;
      String name =
          pattern.substring(hasStart ? 1 : 0, hasEnd ? pattern.length() - 1 : pattern.length());
      boolean matches;
      if (hasStart && hasEnd) {
        matches = host.contains(name);
      } else if (hasStart) {
        matches = host.endsWith(name);
      } else {
        matches = hasEnd ? host.startsWith(name) : host.equals(name);
      }
      if (matches && !pattern.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Names and their subdomains, addresses, ranges of addresses, each with or without a port. */
  private static boolean isExcluded(String noProxy, String host, int port) {
    for (String entry : noProxy.toLowerCase(Locale.ROOT).split(",")) {
      String name = entry.trim();
      int colon = name.lastIndexOf(':');
      boolean hasPort = colon > 0 && name.substring(colon + 1).matches("[0-9]{1,5}");
      boolean isAddress6 = name.indexOf(':') != colon && !name.startsWith("[");
      if (hasPort && !isAddress6) {
        if (Integer.parseInt(name.substring(colon + 1)) != port) {
          continue;
        }
        name = name.substring(0, colon);
      }
      if (matches(withoutBrackets(name), host)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String name, String host) {
    if (name.equals("*")) {
      return true;
    }
    if (name.indexOf('/') > 0) {
      return AddressRange.contains(name, host);
    }
    String suffix = name.startsWith("*") ? name.substring(1) : name;
    String domain = suffix.startsWith(".") ? suffix : "." + suffix;
    return !suffix.isEmpty() && ("." + host).endsWith(domain);
  }

  private static String withoutBrackets(String name) {
    boolean hasBrackets = name.startsWith("[") && name.endsWith("]");
    return hasBrackets ? name.substring(1, name.length() - 1) : name;
  }
}
