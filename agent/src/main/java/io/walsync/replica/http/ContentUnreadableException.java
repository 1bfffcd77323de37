package io.walsync.replica.http;

import java.io.IOException;

/** Our own side failed: the content to send could not be read. The server saw half a request. */
public final class ContentUnreadableException extends IOException {

  private static final long serialVersionUID = 1L;

  ContentUnreadableException(IOException cause) {
    super("the content to send cannot be read: " + cause.getMessage(), cause);
  }
}
