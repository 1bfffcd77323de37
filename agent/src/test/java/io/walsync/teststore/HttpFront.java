package io.walsync.teststore;

import io.walsync.testkit.Listener;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * An HTTP/1.1 forwarder on a free loopback port: counts and keeps what passes, and applies {@link
 * Faults}. Works in front of any S3 server that speaks plain HTTP.
 *
 * <p>Threading: one daemon thread accepts, one serves each connection with a connection of its own
 * to the store.
 */
public final class HttpFront implements AutoCloseable {

  /** Is told of answers. */
  public interface AnswerListener {

    /**
     * Called on the connection's thread when the store has answered, before the client hears of it.
     *
     * @param arrived when the request's head had been read
     */
    void answered(S3Request request, int status, Instant arrived);
  }

  private final URI store;
  private final Faults faults = new Faults();

  /** The store compares first and writes then: swaps take turns. */
  private final Object swaps = new Object();

  private final RequestLog requests = new RequestLog();
  private final Listener listener;
  private volatile AnswerListener answers = (request, status, arrived) -> {};

  public HttpFront(URI store) {
    this.store = store;
    this.listener = new Listener("teststore", this::serve);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  public Faults faults() {
    return faults;
  }

  public RequestLog requests() {
    return requests;
  }

  public void onAnswer(AnswerListener answerListener) {
    answers = answerListener;
  }

  /** Closes the connections clients keep alive, as a load balancer does after a quiet minute. */
  public void dropConnections() {
    listener.dropConnections();
  }

  @Override
  public void close() {
    listener.close();
  }

  private void serve(Socket client, Listener through) throws IOException {
    requests.addConnection();
    Socket upstream = null;
    try {
      InputStream in = new BufferedInputStream(client.getInputStream(), 64 * 1024);
      OutputStream out = client.getOutputStream();
      InputStream storeIn = null;
      HttpHead head = HttpHead.read(in);
      while (head != null) {
        S3Operation operation = S3Operation.of(head.word(0), head.word(1));
        Instant arrived = Instant.now();
        S3Request request = new S3Request(operation, head.word(0), head.word(1), head.headers());
        requests.add(request);
        Fault fault = faults.take(operation);
        if ("100-continue".equalsIgnoreCase(head.headers().remove("expect"))) {
          out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        if (fault != null && !letsThrough(fault, head, in, out)) {
          return;
        }
        if (upstream == null) {
          upstream = through.connect(store);
          storeIn = new BufferedInputStream(upstream.getInputStream(), 64 * 1024);
        }
        HttpHead answer;
        Object turn = head.headers().containsKey("if-match") ? swaps : new Object();
        synchronized (turn) {
          head.writeTo(upstream.getOutputStream());
          HttpHead.copyBody(
              in, upstream.getOutputStream(), head.requestBodyBytes(), Long.MAX_VALUE);
          answer = HttpHead.read(storeIn);
        }
        if (answer == null) {
          return;
        }
        answers.answered(request, Integer.parseInt(answer.word(1)), arrived);
        if (!passOn(head, answer, storeIn, out, fault)) {
          return;
        }
        head = HttpHead.read(in);
      }
    } finally {
      through.drop(upstream);
    }
  }

  /** Whether the store gets to see the request. */
  private boolean letsThrough(Fault fault, HttpHead head, InputStream in, OutputStream out)
      throws IOException {
    switch (fault.kind) {
      case DELAY:
        pause(fault.delay.toMillis());
        return true;
      case LOSE_ANSWER:
      case CUT_BODY:
        return true;
      case ANSWER:
        HttpHead.copyBody(
            in, OutputStream.nullOutputStream(), head.requestBodyBytes(), Long.MAX_VALUE);
        out.write(fault.answer);
        return false;
      case DROP_REQUEST:
        HttpHead.copyBody(
            in, OutputStream.nullOutputStream(), head.requestBodyBytes(), Long.MAX_VALUE);
        return false;
      case BLACK_HOLE:
        in.transferTo(OutputStream.nullOutputStream());
        return false;
      default:
        throw new AssertionError(fault.kind);
    }
  }

  /** Whether the connection stays open. */
  private static boolean passOn(
      HttpHead request, HttpHead answer, InputStream storeIn, OutputStream out, Fault fault)
      throws IOException {
    boolean isLost = fault != null && fault.kind == Fault.Kind.LOSE_ANSWER;
    boolean isCut = fault != null && fault.kind == Fault.Kind.CUT_BODY;
    OutputStream to = isLost ? OutputStream.nullOutputStream() : out;
    answer.writeTo(to);
    boolean hasBody = !request.word(0).equals("HEAD");
    if (hasBody) {
      long limit = isCut ? fault.bodyBytes : Long.MAX_VALUE;
      HttpHead.copyBody(storeIn, to, answer.answerBodyBytes(), limit);
    }
    return !isLost && !isCut && !"close".equalsIgnoreCase(answer.headers().get("connection"));
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
