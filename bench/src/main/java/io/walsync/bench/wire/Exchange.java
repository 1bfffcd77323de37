package io.walsync.bench.wire;

/**
 * A request and the answer to it.
 *
 * @param arrivedMicros when the request's head had come, wall clock
 * @param acknowledgedMicros when the whole answer had been passed on, wall clock
 * @param target path and query
 * @param requestBytes head and body
 * @param answerBytes head and body
 */
public record Exchange(
    long arrivedMicros,
    long acknowledgedMicros,
    String method,
    String target,
    int status,
    long requestBytes,
    long answerBytes) {

  private static final int FIRST_REFUSAL = 300;

  /** The target without its query. */
  public String path() {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }

  public String query() {
    int mark = target.indexOf('?');
    return mark < 0 ? "" : target.substring(mark + 1);
  }

  public boolean isAccepted() {
    return status < FIRST_REFUSAL;
  }

  /** What S3 charges it as. */
  public RequestKind kind() {
    boolean isBucket = path().indexOf('/', 1) < 0 || path().indexOf('/', 1) == path().length() - 1;
    switch (method) {
      case "PUT":
        return RequestKind.PUT;
      case "POST":
        return isBucket && query().startsWith("delete") ? RequestKind.DELETE : RequestKind.PUT;
      case "DELETE":
        return RequestKind.DELETE;
      case "GET":
        return isBucket ? RequestKind.LIST : RequestKind.GET;
      default:
        return RequestKind.GET;
    }
  }
}
