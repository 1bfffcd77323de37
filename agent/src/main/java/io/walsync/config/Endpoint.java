package io.walsync.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses of S3-compatible stores, and peculiarities of the stores behind them. */
final class Endpoint {

  /** Host, port, and a path, since some stores have S3 below one. */
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?");

  private Endpoint() {}

  /** An address in a {@code endpoint} key: https where it has no scheme. */
  static String ofKey(String address) {
    return hasScheme(address) ? address : "https://" + address;
  }

  /** An address in a URL or the environment: http for local addresses, as Litestream does. */
  static String ofUrl(String address) {
    if (hasScheme(address)) {
      return address;
    }
    return (isLocal(host(address)) ? "http://" : "https://") + address;
  }

  /**
   * @return what is wrong with an address that has a scheme, or null
   */
  static @Nullable String problem(String address) {
    int start = address.indexOf("://") + 3;
    String rest = address.substring(start);
    if (rest.indexOf('@') >= 0) {
      return "must not contain credentials; use access-key-id and secret-access-key";
    }
    if (!HOST_AND_PORT.matcher(rest).matches()) {
      return "must be a host, or http:// or https:// and a host, with at most a path after it";
    }
    return null;
  }

  static boolean hasScheme(String address) {
    return address.startsWith("http://") || address.startsWith("https://");
  }

  /**
   * Whether the store has to be addressed as {@code host/bucket} although {@code force-path-style}
   * is absent.
   */
  static boolean needsPathStyle(String address) {
    String host = host(address);
    boolean isKnownCloud =
        host.contains(".amazonaws.com")
            || host.contains(".digitaloceanspaces.com")
            || host.contains(".scw.cloud")
            || host.contains(".r2.cloudflarestorage.com")
            || host.contains("tigris.dev")
            || host.contains("t3.storage.dev");
    return host.equals("s3.filebase.com")
        || host.endsWith(".backblazeb2.com")
        || host.endsWith(".supabase.co")
        || host.indexOf(':') >= 0 && !isKnownCloud;
  }

  /**
   * Whether the store rejects many parallel parts of one upload, as Cloudflare R2 and Tigris do.
   */
  static boolean needsFewParts(String address) {
    String host = host(address);
    return host.endsWith(".r2.cloudflarestorage.com")
        || host.equals("fly.storage.tigris.dev")
        || host.equals("t3.storage.dev");
  }

  /** Whether the address is loopback or of a private network, where plain http is usual. */
  static boolean isLocal(String hostAndPort) {
    String host = hostAndPort.replaceFirst(":[0-9]*$", "");
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.endsWith(".localhost")
        || host.endsWith(".local")
        || host.startsWith("127.")
        || host.startsWith("10.")
        || host.startsWith("192.168.")
        || host.matches("172\\.(1[6-9]|2[0-9]|3[01])\\..*");
  }

  static String host(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    int start = hasScheme(lower) ? lower.indexOf("://") + 3 : 0;
    int slash = lower.indexOf('/', start);
    return lower.substring(start, slash < 0 ? lower.length() : slash);
  }
}
