package io.walsync.replica.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.teststore.StubServer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClientTest {

  private static final int TIMEOUT_MILLIS = 10_000;

  private HttpClient client =
      new HttpClient(TIMEOUT_MILLIS, TIMEOUT_MILLIS, TlsTrust.jvm(), ProxySettings.none());

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void headersAndBodyArriveAndOneConnectionServesManyRequests() throws IOException {
    try (StubServer server =
        new StubServer(
            (request, body) ->
                StubServer.answer(
                    200,
                    request.method() + " " + request.target() + " " + text(body),
                    "X-Echo: " + request.header("x-test")))) {
      for (int i = 0; i < 10; i++) {
        HttpHeaders headers = new HttpHeaders().add("X-Test", "value " + i);
        HttpResponse response =
            client.send(
                origin(server), new HttpRequest("PUT", "/a?b=c", headers, body("content"), true));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-echo")).isEqualTo("value " + i);
        assertThat(text(response.readBody(1_000))).isEqualTo("PUT /a?b=c content");
      }
      assertThat(server.connectionCount()).isEqualTo(1);
      assertThat(server.requests().get(0).header("host")).isEqualTo("127.0.0.1:" + server.port());
      assertThat(server.requests().get(0).header("content-length")).isEqualTo("7");
    }
  }

  @Test
  void aPutWithoutBodySaysSoAndAGetSaysNothing() throws IOException {
    try (StubServer server = new StubServer((request, body) -> StubServer.answer(200, ""))) {
      client.send(origin(server), request("PUT")).close();
      client.send(origin(server), request("GET")).close();

      assertThat(server.requests().get(0).header("content-length")).isEqualTo("0");
      assertThat(server.requests().get(1).header("content-length")).isNull();
    }
  }

  @Test
  void aChunkedAnswerIsReadAndTheConnectionKept() throws IOException {
    String chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;name=value\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: x\r\n\r\n";
    try (StubServer server = new StubServer((request, body) -> chunked)) {
      for (int i = 0; i < 3; i++) {
        assertThat(text(client.send(origin(server), request("GET")).readBody(100)))
            .isEqualTo("hello world");
      }
      assertThat(server.connectionCount()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerWithoutLengthEndsWithItsConnection() throws IOException {
    String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it";
    try (StubServer server = new StubServer((request, body) -> answer)) {
      assertThat(text(client.send(origin(server), request("GET")).readBody(100)))
          .isEqualTo("all of it");
      assertThat(text(client.send(origin(server), request("GET")).readBody(100)))
          .isEqualTo("all of it");
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @Test
  void answersToHeadAnd204HaveNoBodyWhateverTheySay() throws IOException {
    try (StubServer server =
        new StubServer(
            (request, body) ->
                request.method().equals("HEAD")
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
                    : "HTTP/1.1 204 No Content\r\n\r\n")) {
      HttpResponse head = client.send(origin(server), request("HEAD"));
      assertThat(head.header("content-length")).isEqualTo("1000");
      assertThat(head.readBody(10)).isEmpty();
      assertThat(client.send(origin(server), request("DELETE")).readBody(10)).isEmpty();
      assertThat(server.connectionCount()).isEqualTo(1);
    }
  }

  @Test
  void provisionalAnswersAreSkipped() throws IOException {
    String answer =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            + StubServer.answer(200, "real");
    try (StubServer server = new StubServer((request, body) -> answer)) {
      assertThat(text(client.send(origin(server), request("GET")).readBody(10))).isEqualTo("real");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1",
        "HTTP/1.1 abc\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
      })
  void aBrokenAnswerFails(String answer) {
    try (RawServer server = new RawServer(answer)) {
      assertThatThrownBy(() -> client.send(server.origin(), request("GET")).readBody(100))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void headsWithoutEndAreRefused() {
    try (RawServer lines = new RawServer("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(1_000));
        RawServer line = new RawServer("HTTP/1.1 200 OK\r\nA: " + "b".repeat(100_000))) {
      assertThatThrownBy(() -> client.send(lines.origin(), request("GET")))
          .hasMessageContaining("more than 200 headers");
      assertThatThrownBy(() -> client.send(line.origin(), request("GET")))
          .hasMessageContaining("longer than");
    }
  }

  @Test
  void aBodyBeyondItsLimitIsRefused() throws IOException {
    try (StubServer server =
        new StubServer((request, body) -> StubServer.answer(200, "x".repeat(20_000)))) {
      try (HttpResponse response = client.send(origin(server), request("GET"))) {
        assertThatThrownBy(() -> response.readBody(10_000)).hasMessageContaining("10000 bytes");
      }
    }
  }

  @Test
  void aRepeatableRequestSurvivesAKeptConnectionThatDied() throws Exception {
    try (StubServer server = new StubServer((request, body) -> StubServer.answer(200, "ok"))) {
      client.send(origin(server), request("GET")).readBody(10);
      server.dropConnections();

      HttpResponse response =
          client.send(
              origin(server), new HttpRequest("PUT", "/", new HttpHeaders(), body("again"), true));

      assertThat(response.status()).isEqualTo(200);
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @Test
  void anUnrepeatableRequestLooksFirstAndIsSentOnce() throws Exception {
    try (StubServer server = new StubServer((request, body) -> StubServer.answer(200, "ok"))) {
      client.send(origin(server), request("GET")).readBody(10);
      server.dropConnections();
      int before = server.requests().size();

      HttpResponse response =
          client.send(
              origin(server), new HttpRequest("POST", "/", new HttpHeaders(), body("once"), false));

      assertThat(response.status()).isEqualTo(200);
      assertThat(server.requests()).hasSize(before + 1);
    }
  }

  @Test
  void aRequestTheServerSawIsNotRepeatedOnAFreshConnection() {
    AtomicInteger count = new AtomicInteger();
    try (StubServer server =
        new StubServer(
            (request, body) -> {
              count.incrementAndGet();
              return null;
            })) {
      assertThatThrownBy(() -> client.send(origin(server), request("GET")))
          .isInstanceOf(EOFException.class);
      assertThat(count).hasValue(1);
    }
  }

  @Test
  void whatAServerSendsUnaskedIsNotTakenForTheNextAnswer() throws Exception {
    String unasked = StubServer.answer(408, "too slow");
    try (StubServer server =
        new StubServer(
            (request, body) ->
                request.target().equals("/first")
                    ? StubServer.answer(200, "first") + unasked
                    : StubServer.answer(200, "second"))) {
      HttpRequest first = new HttpRequest("GET", "/first", new HttpHeaders(), null, true);
      assertThat(text(client.send(origin(server), first).readBody(10))).isEqualTo("first");
      assertThat(text(client.send(origin(server), request("GET")).readBody(10)))
          .isEqualTo("second");
    }
  }

  @Test
  void aRefusalInTheMiddleOfALargeBodyIsSeen() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().readNBytes(1_000);
                  socket
                      .getOutputStream()
                      .write(StubServer.answer(403, "no").getBytes(StandardCharsets.US_ASCII));
                  socket.shutdownOutput();
                  sent.await(5, TimeUnit.SECONDS);
                } catch (IOException | InterruptedException e) {
                  return;
                }
              });
      thread.start();
      HttpOrigin origin = HttpOrigin.of(URI.create("http://127.0.0.1:" + server.getLocalPort()));
      HttpBody large = body("x".repeat(64 * 1024));
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  HttpRequest put = new HttpRequest("PUT", "/", new HttpHeaders(), large, true);
                  return client.send(origin, put).status();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(403);
      sent.countDown();
      thread.join();
    }
  }

  @Test
  void aSilentServerEndsInATimeout() {
    client.close();
    client = new HttpClient(TIMEOUT_MILLIS, 100, TlsTrust.jvm(), ProxySettings.none());
    try (RawServer server = new RawServer(null)) {
      assertThatThrownBy(() -> client.send(server.origin(), request("GET")))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aServerThatStopsReadingEndsInATimeout() {
    client.close();
    client = new HttpClient(TIMEOUT_MILLIS, 200, TlsTrust.jvm(), ProxySettings.none());
    try (RawServer server = new RawServer(null)) {
      HttpBody endless =
          new HttpBody() {
            @Override
            public long sizeBytes() {
              return 1L << 40;
            }

            @Override
            public InputStream open() {
              return new InputStream() {
                @Override
                public int read() {
                  return 0;
                }

                @Override
                public int read(byte[] buffer, int offset, int count) {
                  return count;
                }
              };
            }
          };
      HttpRequest put = new HttpRequest("PUT", "/", new HttpHeaders(), endless, true);

      assertThatThrownBy(() -> client.send(server.origin(), put))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("nothing could be sent for 200 ms");
    }
  }

  @Test
  void closingTheClientEndsRequestsUnderWay() throws Exception {
    try (RawServer server = new RawServer(null)) {
      CompletableFuture<HttpResponse> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return client.send(server.origin(), request("GET"));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> server.acceptedCount() == 1);

      client.close();

      assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      assertThatThrownBy(() -> client.send(server.origin(), request("GET")))
          .hasMessageContaining("closed");
    }
  }

  @Test
  void anotherThreadEndsAReadThatWaitsByClosingTheBody() throws Exception {
    try (RawServer server =
        new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false)) {
      HttpResponse response = client.send(server.origin(), request("GET"));
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<byte[]> reading =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  response.body().readNBytes(4);
                  started.countDown();
                  return response.body().readAllBytes();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

      response.close();

      assertThatThrownBy(() -> reading.get(TIMEOUT_MILLIS / 2, TimeUnit.MILLISECONDS))
          .isInstanceOf(ExecutionException.class);
    }
  }

  @Test
  void aBodyThatFailedOrWasClosedNeverLooksComplete() throws IOException {
    try (RawServer server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) {
      InputStream cut = client.send(server.origin(), request("GET")).body();
      assertThatThrownBy(cut::readAllBytes).hasMessageContaining("after 4 of 9 bytes");
      assertThatThrownBy(cut::read).isInstanceOf(IOException.class);
    }
    try (StubServer server =
        new StubServer((request, body) -> StubServer.answer(200, "x".repeat(500_000)))) {
      InputStream closed = client.send(origin(server), request("GET")).body();
      closed.close();
      assertThatThrownBy(closed::read).hasMessageContaining("closed before its end");
    }
  }

  @Test
  void aShortRestIsReadAwayAndALongOneCostsTheConnection() throws Exception {
    try (StubServer server =
        new StubServer(
            (request, body) ->
                StubServer.answer(
                    200, "x".repeat(Integer.parseInt(request.target().substring(1)))))) {
      for (int size : new int[] {1, 1_000, 8_000_000, 10}) {
        HttpRequest get = new HttpRequest("GET", "/" + size, new HttpHeaders(), null, true);
        HttpResponse response = client.send(origin(server), get);
        Awaitility.await().until(() -> response.body().available() >= Math.min(size, 1_000));
        response.close();
        response.close();
      }
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @Test
  void unreadableContentIsOurFaultAndNotSentAgain() {
    try (StubServer server = new StubServer((request, body) -> StubServer.answer(200, ""))) {
      AtomicInteger opened = new AtomicInteger();
      HttpBody broken =
          new HttpBody() {
            @Override
            public long sizeBytes() {
              return 10;
            }

            @Override
            public InputStream open() {
              opened.incrementAndGet();
              return new ByteArrayInputStream(new byte[5]);
            }
          };
      assertThatThrownBy(
              () -> {
                client.send(origin(server), request("GET")).readBody(1);
                client.send(
                    origin(server), new HttpRequest("PUT", "/", new HttpHeaders(), broken, true));
              })
          .isInstanceOf(ContentUnreadableException.class);
      assertThat(opened).hasValue(1);
    }
  }

  @Test
  void headerValuesCannotSmuggleOtherHeaders() {
    assertThatThrownBy(() -> new HttpHeaders().add("a", "b\r\nAuthorization: c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Authorization");
  }

  private static HttpRequest request(String method) {
    return new HttpRequest(method, "/", new HttpHeaders(), null, true);
  }

  private static HttpBody body(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new HttpBody() {
      @Override
      public long sizeBytes() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  private static HttpOrigin origin(StubServer server) {
    return HttpOrigin.of(server.endpoint());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Reads the head of one request, sends some bytes, hangs up; or reads nothing at all. */
  private static final class RawServer implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Socket client;

    RawServer(String answer) {
      this(answer, true);
    }

    RawServer(String answer, boolean hangsUp) {
      try {
        server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      Thread thread =
          new Thread(
              () -> {
                try {
                  client = server.accept();
                  accepted.incrementAndGet();
                  if (answer != null) {
                    client.getInputStream().read(new byte[8 * 1024]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    if (hangsUp) {
                      client.close();
                    }
                  }
                } catch (IOException e) {
                  return;
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    HttpOrigin origin() {
      return HttpOrigin.of(URI.create("http://127.0.0.1:" + server.getLocalPort()));
    }

    int acceptedCount() {
      return accepted.get();
    }

    @Override
    public void close() {
      try {
        server.close();
        if (client != null) {
          client.close();
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
