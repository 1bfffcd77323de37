package io.walsync.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.walsync.db.events.DbStatus;
import io.walsync.status.AgentFacts;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsServerTest {

  private static final String HEAD = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n";
  private static final Charset UTF = StandardCharsets.UTF_8;
  private static final AgentFacts AGENT =
      new AgentFacts("1.2", "17", "3.50.3.0", "3.50.3", "/w.yml", 1, List.of("/never.db"));
  private static final int CLIENT_TIMEOUT_MILLIS = 60_000;

  private final List<Socket> sockets = new ArrayList<>();
  private volatile List<DbStatus> databases = MetricsPageTest.many(1);
  private MetricsServer server;

  @BeforeEach
  void open() throws IOException {
    server = MetricsServer.open(null, 0, () -> databases, () -> AGENT, false);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void aScrapeReadsTheValuesOfTheMoment() throws IOException {
    String first = ask(HEAD + "\r\n");
    assertThat(first)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        .contains("\r\nConnection: close\r\n");
    assertThat(TextFormat.parse(body(first))).containsKey("walsync_fine{db=\"/0.db\"}");
    databases = MetricsPageTest.many(200);
    assertThat(TextFormat.parse(body(ask(HEAD + "\r\n"))))
        .containsKey("walsync_fine{db=\"/199.db\"}");
  }

  @Test
  void theLengthIsThatOfTheBodyInBytes() throws IOException {
    databases = List.of(MetricsPageTest.fine("/\u00e4\u20ac.db"));
    String answer = ask(HEAD + "\r\n");
    assertThat(answer)
        .contains("\r\nContent-Length: " + body(answer).getBytes(UTF).length + "\r\n");
  }

  @Test
  void headHasNoBody() throws IOException {
    assertThat(ask(HEAD.replace("GET", "HEAD") + "\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("Connection: close\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /x HTTP/1.1, 404",
    "GET /../page.html HTTP/1.1, 404",
    "GET /page.html HTTP/1.1, 404",
    "GET / HTTP/1.1, 200",
    "HEAD /page.js HTTP/1.1, 200",
    "GET /page.css HTTP/1.1, 200",
    "GET /status.json?x HTTP/1.1, 200",
    "POST /status.json HTTP/1.1, 405",
    "GET /metrics/ HTTP/1.1, 404",
    "GET /metrics?name=x HTTP/1.1, 200",
    "GET /metrics HTTP/1.0, 200",
    "POST /metrics HTTP/1.1, 405",
    "DELETE /metrics HTTP/1.1, 405",
    "GET /metrics HTTP/2.0, 400",
    "GET /metrics, 400",
    "get /metrics HTTP/1.1, 400",
    "GET  /metrics HTTP/1.1, 400",
    "nonsense, 400"
  })
  void onlyTheMetricsAndThePageAreServed(String requestLine, int status) throws IOException {
    assertThat(ask(requestLine + "\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:9090, 200",
    "127.0.0.1:9090, 200",
    "[::1]:9090, 200",
    "attacker.example, 403",
    "127.0.0.1.attacker.example, 403",
    "localhost.attacker.example:9090, 403"
  })
  void onTheLoopbackAddressOnlyNamesOfThisMachineAreServed(String host, int status)
      throws IOException {
    assertThat(ask("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no colon\r\n", " folded: x\r\n", ": x\r\n", "Host: other\r\n"})
  void whatIsNoHeaderIsRefused(String line) throws IOException {
    assertThat(ask(HEAD + line + "\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aRequestThatIsTooLongIsRefused() throws IOException {
    assertThat(ask(HEAD + "X: " + "x".repeat(100_000))).startsWith("HTTP/1.1 431 ");
    assertThat(ask(HEAD + "X: " + "x".repeat(7_000) + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void garbageDoesNoHarm() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[random.nextInt(20_000)];
      random.nextBytes(garbage);
      Socket socket = connect();
      try {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (IOException reset) {
        continue;
      }
    }
    assertThat(ask(HEAD + "\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whoSendsSlowlyKeepsNobodyWaiting() throws IOException {
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Socket socket = connect();
      socket.getOutputStream().write("GET /met".getBytes(UTF));
      slow.add(socket);
      if (i % 10 == 9) {
        assertThat(ask(HEAD + "\r\n")).startsWith("HTTP/1.1 200 ");
      }
    }
    // The oldest had to go.
    assertThat(isCutOff(slow.get(0))).isTrue();
  }

  @Test
  void whoNeverReadsKeepsNobodyWaiting() throws IOException {
    databases = MetricsPageTest.many(200);
    for (int i = 0; i < 40; i++) {
      connect().getOutputStream().write((HEAD + "\r\n").getBytes(UTF));
    }
    assertThat(ask(HEAD + "\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whoDoesNothingIsCutOff() throws IOException {
    assertThat(isCutOff(connect())).isTrue();
  }

  @Test
  void aRequestMayComeByteByByte() throws IOException {
    Socket socket = connect();
    socket.setTcpNoDelay(true);
    for (byte each : (HEAD + "\r\n").getBytes(UTF)) {
      socket.getOutputStream().write(each);
    }
    assertThat(new String(socket.getInputStream().readAllBytes(), UTF)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aFailureCostsOneAnswer() throws IOException {
    databases = null;
    assertThat(ask(HEAD + "\r\n")).isEmpty();
    databases = List.of();
    assertThat(ask(HEAD + "\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aPortThatIsTakenIsAFailureOfTheOneWhoOpens() {
    assertThatThrownBy(() -> MetricsServer.open(null, server.port(), List::of, () -> null, false))
        .isInstanceOf(BindException.class);
  }

  @Test
  void afterItIsClosedThePortIsFreeAndTheThreadGone() throws IOException {
    ask(HEAD + "\r\n");
    Socket open = connect();
    server.close();
    assertThat(isCutOff(open)).isTrue();
    try (MetricsServer next =
        MetricsServer.open(null, server.port(), List::of, () -> null, false)) {
      assertThat(next.port()).isEqualTo(server.port());
    }
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("walsync-metrics")));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
    sockets.add(socket);
    return socket;
  }

  /** Waits for it. */
  private static boolean isCutOff(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  private String ask(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(UTF));
      return new String(socket.getInputStream().readAllBytes(), UTF);
    }
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }
}
