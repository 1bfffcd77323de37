package io.walsync.replica.http;

import org.jspecify.annotations.Nullable;

/** One request: what is sent to an origin. */
public final class HttpRequest {

  private final String method;
  private final String target;
  private final HttpHeaders headers;
  private final @Nullable HttpBody body;
  private final boolean isRepeatable;

  /**
   * @param target path and query, already encoded
   * @param headers without {@code Host} and {@code Content-Length}, which the connection adds
   * @param body or null for none
   * @param isRepeatable whether it does no harm if the server sees the request twice
   */
  public HttpRequest(
      String method,
      String target,
      HttpHeaders headers,
      @Nullable HttpBody body,
      boolean isRepeatable) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.isRepeatable = isRepeatable;
  }

  String method() {
    return method;
  }

  String target() {
    return target;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** Null for none. */
  @Nullable HttpBody body() {
    return body;
  }

  boolean isRepeatable() {
    return isRepeatable;
  }

  /** Whether {@code Content-Length: 0} must be said; some servers answer 411 otherwise. */
  boolean expectsBody() {
    return method.equals("PUT") || method.equals("POST");
  }
}
