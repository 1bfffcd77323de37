package io.walsync.replica.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The proxy is at fault, or in the way; the message names it. The server saw nothing. */
public final class ProxyException extends IOException {

  private static final long serialVersionUID = 1L;

  ProxyException(HttpProxy proxy, String problem, @Nullable IOException cause) {
    super("the proxy " + proxy + " " + problem, cause);
  }
}
