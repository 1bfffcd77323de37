package io.walsync.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final long DEADLINE_SECONDS = 60;

  private final byte[] content = new byte[300_000];
  private HttpServer store;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    Arrays.fill(content, (byte) 7);
    store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    store.setExecutor(Executors.newCachedThreadPool());
    store.createContext(
        "/",
        exchange -> {
          byte[] received = exchange.getRequestBody().readAllBytes();
          boolean isPut = exchange.getRequestMethod().equals("PUT");
          byte[] answer = isPut ? String.valueOf(received.length).getBytes() : content;
          // 0 makes the server answer in chunks
          exchange.sendResponseHeaders(200, isPut ? answer.length : 0);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    store.start();
    wire = new Wire(URI.create("http://127.0.0.1:" + store.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    wire.close();
    store.stop(0);
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create(wire.endpoint() + "/bench/key?x=1"));
  }

  private HttpResponse<byte[]> put(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            request.PUT(HttpRequest.BodyPublishers.ofByteArray(content)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void bytesPassBothWaysAndAreCounted() throws Exception {
    assertThat(new String(put(request()).body())).isEqualTo("300000");
    assertThat(new String(put(request().expectContinue(true)).body())).isEqualTo("300000");
    byte[] got =
        HttpClient.newHttpClient()
            .send(request().GET().build(), HttpResponse.BodyHandlers.ofByteArray())
            .body();

    assertThat(got).isEqualTo(content);
    Exchange first = wire.log().all().get(0);
    assertThat(first.method()).isEqualTo("PUT");
    assertThat(first.path()).isEqualTo("/bench/key");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.requestBytes()).isBetween(300_000L, 301_000L);
    assertThat(first.acknowledgedMicros()).isGreaterThanOrEqualTo(first.arrivedMicros());
    assertThat(wire.log().all().get(2).answerBytes()).isBetween(300_000L, 301_000L);
  }

  @Test
  void aRoundTripIsAddedToEachRequest() throws Exception {
    wire.roundTripMillis(40);
    long start = System.nanoTime();

    put(request());

    // one for the connection, one for the request
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(80));
  }

  @Test
  void whileItRefusesNobodyConnectsAndThenTheSamePortIsThereAgain() throws Exception {
    wire.weather(Weather.REFUSED);

    assertThatThrownBy(() -> put(request())).isInstanceOf(IOException.class);
    wire.weather(Weather.CALM);

    assertThat(put(request()).statusCode()).isEqualTo(200);
  }

  @Test
  void unavailableIsAnsweredWithoutTheStore() throws Exception {
    wire.weather(Weather.UNAVAILABLE);

    assertThat(put(request()).statusCode()).isEqualTo(503);
    assertThat(wire.log().puts()).isEmpty();
  }

  @Test
  void whatTheBlackHoleHeldBackPassesAfterwards() throws Exception {
    wire.weather(Weather.BLACK_HOLE);
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return put(request()).statusCode();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(() -> put(request().timeout(SHORT)))
        .isInstanceOf(HttpTimeoutException.class);
    wire.weather(Weather.CALM);

    assertThat(waiting.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(200);
  }

  @Test
  void halfOpenConnectionsStaySilentForEver() throws Exception {
    wire.weather(Weather.HALF_OPEN);
    assertThatThrownBy(() -> put(request().timeout(SHORT)))
        .isInstanceOf(HttpTimeoutException.class);
    wire.weather(Weather.CALM);

    assertThat(put(request()).statusCode()).isEqualTo(200);
    assertThat(wire.log().puts()).hasSize(1);
  }

  @Test
  void slowIsSoManyBytesASecond() throws Exception {
    wire.weather(Weather.SLOW);
    long start = System.nanoTime();
    byte[] small = Arrays.copyOf(content, SlowStream.BYTES_PER_SECOND / 4);

    HttpClient.newHttpClient()
        .send(
            request().PUT(HttpRequest.BodyPublishers.ofByteArray(small)).build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(System.nanoTime() - start)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(250));
  }
}
