package io.walsync.teststore;

import io.walsync.testkit.Listener;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * A server on a free loopback port that answers what a test wants, byte for byte: for stores that
 * behave badly.
 */
public final class StubServer implements AutoCloseable {

  /** Makes the answer to one request. */
  public interface Answers {
    /**
     * @param body of the request
     * @return the raw answer; null to hang up without one
     */
    String answer(S3Request request, byte[] body) throws Exception;
  }

  private final Listener listener;
  private final String scheme;
  private final Answers answers;
  private final List<S3Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  public StubServer(Answers answers) {
    this(answers, ServerSocketFactory.getDefault(), "http");
  }

  /**
   * @param factory of TLS sockets, for {@code https}
   */
  public StubServer(Answers answers, ServerSocketFactory factory, String scheme) {
    this.answers = answers;
    this.scheme = scheme;
    this.listener = new Listener("stub-server", factory, Listener.ANY_PORT, this::serve);
  }

  /** An answer with a length. */
  public static String answer(int status, String body, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Stub\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return head + "Content-Length: " + length + "\r\n\r\n" + body;
  }

  public URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + listener.port());
  }

  public int port() {
    return listener.port();
  }

  /** All requests so far. */
  public List<S3Request> requests() {
    return requests;
  }

  public int connectionCount() {
    return connections.get();
  }

  /** Hangs up on all clients. */
  public void dropConnections() {
    listener.dropConnections();
  }

  @Override
  public void close() {
    listener.close();
  }

  private void serve(Socket client, Listener through) {
    connections.incrementAndGet();
    try {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      for (HttpHead head = HttpHead.read(in); head != null; head = HttpHead.read(in)) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpHead.copyBody(in, body, head.requestBodyBytes(), Long.MAX_VALUE);
        S3Operation operation = S3Operation.of(head.word(0), head.word(1));
        S3Request request = new S3Request(operation, head.word(0), head.word(1), head.headers());
        requests.add(request);
        String answer = answers.answer(request, body.toByteArray());
        if (answer == null) {
          return;
        }
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        if (answer.toLowerCase().contains("connection: close\r\n")) {
          return;
        }
      }
    } catch (Exception e) {
      return; // the client went away, or the test wants it to see a broken connection
    }
  }
}
