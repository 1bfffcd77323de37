package io.walsync.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where metrics are served, as {@code addr} says it. */
public final class ListenAddress {

  private static final int MAX_PORT = 65_535;

  private static final Pattern FORM =
      Pattern.compile("(?:(\\[[0-9A-Fa-f:.%]+\\]|[A-Za-z0-9._-]*):)?([0-9]{1,5})");

  private final @Nullable String host;
  private final int port;

  private ListenAddress(@Nullable String host, int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * @param text {@code 9090}, {@code :9090}, {@code host:9090} or {@code [::1]:9090}
   * @return null if it is none of these
   */
  static @Nullable ListenAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > MAX_PORT) {
      return null;
    }
    String host = form.group(1);
    return new ListenAddress(
        host == null || host.isEmpty() ? null : host, Integer.parseInt(form.group(2)));
  }

  /** A name or an address; null for the loopback address. */
  public @Nullable String host() {
    return host;
  }

  /** 0 for any that is free. */
  public int port() {
    return port;
  }

  @Override
  public String toString() {
    return (host == null ? "" : host) + ":" + port;
  }
}
