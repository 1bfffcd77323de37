package io.walsync.teststore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What happens to one request instead of, or besides, being served. */
public final class Fault {

  enum Kind {
    /** Answered by the fault; the store never sees the request. */
    ANSWER,
    /** Served after a wait. */
    DELAY,
    /** Read, then the connection closes; the store never sees the request. */
    DROP_REQUEST,
    /** Served, then the connection closes instead of the answer. */
    LOSE_ANSWER,
    /** Served, but the connection closes after some bytes of the answer's body. */
    CUT_BODY,
    /** Read and never answered; the store never sees the request. */
    BLACK_HOLE
  }

  final Kind kind;
  final byte[] answer;
  final Duration delay;
  final int bodyBytes;

  private Fault(Kind kind, byte[] answer, Duration delay, int bodyBytes) {
    this.kind = kind;
    this.answer = answer;
    this.delay = delay;
    this.bodyBytes = bodyBytes;
  }

  /** An S3 error document. */
  public static Fault error(int status, String code, String... headers) {
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
            + code
            + "</Code><Message>injected "
            + code
            + "</Message><RequestId>fault-1</RequestId></Error>";
    return answer(status, "application/xml", body, headers);
  }

  /**
   * @param headers whole lines, such as {@code Retry-After: 7}
   */
  public static Fault answer(int status, String contentType, String body, String... headers) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Injected\r\n");
    head.append("Content-Type: ").append(contentType).append("\r\n");
    head.append("Content-Length: ").append(content.length).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return raw(head.append("\r\n").append(body).toString());
  }

  /** Bytes sent as they are, after which the connection closes. */
  public static Fault raw(String answer) {
    return new Fault(Kind.ANSWER, answer.getBytes(StandardCharsets.UTF_8), Duration.ZERO, 0);
  }

  public static Fault delay(Duration delay) {
    return new Fault(Kind.DELAY, null, delay, 0);
  }

  public static Fault dropRequest() {
    return new Fault(Kind.DROP_REQUEST, null, Duration.ZERO, 0);
  }

  public static Fault loseAnswer() {
    return new Fault(Kind.LOSE_ANSWER, null, Duration.ZERO, 0);
  }

  public static Fault cutBodyAfter(int bodyBytes) {
    return new Fault(Kind.CUT_BODY, null, Duration.ZERO, bodyBytes);
  }

  public static Fault blackHole() {
    return new Fault(Kind.BLACK_HOLE, null, Duration.ZERO, 0);
  }
}
