package io.walsync.bench.wire;

import io.walsync.bench.app.WallClock;
import io.walsync.testkit.Listener;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One client's connection: a request, its answer, the next request. */
final class WireConnection {

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int CONTINUE = 100;
  private static final int SWITCHED = 200;
  private static final int UNAVAILABLE = 503;
  private static final byte[] CONTINUE_ANSWER = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final String UNAVAILABLE_BODY =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
          + "<Error><Code>ServiceUnavailable</Code><Message>Please try again.</Message></Error>";
  private static final byte[] UNAVAILABLE_ANSWER =
      ascii(
          "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\nContent-Length: "
              + UNAVAILABLE_BODY.length()
              + "\r\n\r\n"
              + UNAVAILABLE_BODY);

  private final Wire wire;
  private final URI target;
  private final Socket client;
  private final Listener listener;
  private Socket store;
  private InputStream fromStore;
  private OutputStream toStore;

  WireConnection(Wire wire, URI target, Socket client, Listener listener) {
    this.wire = wire;
    this.target = target;
    this.client = client;
    this.listener = listener;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Serves it to its end.
   *
   * @throws IOException if either side goes away
   */
  void serve() throws IOException {
    try {
      passAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      listener.drop(store);
    }
  }

  private void passAll() throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(client.getInputStream(), BUFFER_BYTES);
    OutputStream out = slow(client);
    Pause.micros(wire.roundTripMicros());
    boolean isOpen = true;
    while (isOpen) {
      HttpMessage request = HttpMessage.read(in);
      isOpen = request != null && pass(request, in, out);
    }
  }

  private OutputStream slow(Socket socket) throws IOException {
    return new BufferedOutputStream(
        new SlowStream(socket.getOutputStream(), () -> wire.weather() == Weather.SLOW),
        BUFFER_BYTES);
  }

  /** Whether the connection stays open. */
  private boolean pass(HttpMessage request, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    long arrived = WallClock.micros();
    wire.awaitPassage();
    Pause.micros(wire.roundTripMicros() / 2);
    if (request.isExpectingContinue()) {
      out.write(CONTINUE_ANSWER);
      out.flush();
    }
    if (wire.weather() == Weather.UNAVAILABLE) {
      refuse(request, arrived, in, out);
      return true;
    }
    long requestBytes = request.headBytes() + forward(request, in);
    HttpMessage answer = answer();
    wire.awaitPassage();
    if (wire.weather() == Weather.HALF_OPEN) {
      wire.park();
    }
    Pause.micros(wire.roundTripMicros() / 2);
    answer.writeHead(out);
    long answerBytes = answer.headBytes() + answer.copyAnswerBody(request, fromStore, out);
    out.flush();
    log(request, answer.status(), arrived, requestBytes, answerBytes);
    return !answer.header("connection").equalsIgnoreCase("close")
        && !request.header("connection").equalsIgnoreCase("close");
  }

  private long forward(HttpMessage request, InputStream in) throws IOException {
    if (store == null) {
      store = listener.connect(target);
      fromStore = new BufferedInputStream(store.getInputStream(), BUFFER_BYTES);
      toStore = slow(store);
    }
    request.writeHead(toStore);
    long bytes = request.copyRequestBody(in, toStore);
    toStore.flush();
    return bytes;
  }

  private HttpMessage answer() throws IOException {
    HttpMessage answer = HttpMessage.read(fromStore);
    while (answer != null && answer.status() >= CONTINUE && answer.status() < SWITCHED) {
      answer = HttpMessage.read(fromStore);
    }
    if (answer == null) {
      throw new IOException("the store closed the connection");
    }
    return answer;
  }

  private void refuse(HttpMessage request, long arrived, InputStream in, OutputStream out)
      throws IOException {
    long bytes = request.copyRequestBody(in, OutputStream.nullOutputStream());
    out.write(UNAVAILABLE_ANSWER);
    out.flush();
    log(request, UNAVAILABLE, arrived, request.headBytes() + bytes, UNAVAILABLE_ANSWER.length);
  }

  private void log(
      HttpMessage request, int status, long arrived, long requestBytes, long answerBytes) {
    wire.log()
        .add(
            new Exchange(
                arrived,
                WallClock.micros(),
                request.method(),
                request.target(),
                status,
                requestBytes,
                answerBytes));
  }
}
