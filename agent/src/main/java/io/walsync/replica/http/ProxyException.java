package io.walsync.replica.http;

import java.io.IOException;

/** The proxy is at fault, or in the way; the message names it. The server saw nothing. */
public final class ProxyException extends IOException {

  private static final long serialVersionUID = 1L;

  ProxyException(HttpProxy proxy, String problem, IOException cause) {
    super("the proxy " + proxy + " " + problem, cause);
  }
}
