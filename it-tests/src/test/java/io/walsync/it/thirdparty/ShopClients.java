package io.walsync.it.thirdparty;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * People at the shop's door: each orders one thing after the other and remembers what it was told.
 */
final class ShopClients {

  private static final int MAX_LINES = 5;
  private static final int COUNT_EVERY = 7;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String shop;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Order> placed = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean isEndExpected;

  ShopClients(String port, int count) {
    shop = "http://127.0.0.1:" + port + "/orders";
    for (int client = 0; client < count; client++) {
      int number = client;
      Thread thread = new Thread(() -> order(number), "client-" + client);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** What the shop has confirmed so far, each client's in order. */
  List<Order> placed() {
    return List.copyOf(placed);
  }

  /** Fails if the shop has refused or broken off anything. */
  void requireHealthy() {
    if (!failures.isEmpty()) {
      throw new AssertionError("the shop failed: " + failures);
    }
  }

  /** From now on requests may fail. */
  void expectTheEnd() {
    requireHealthy();
    isEndExpected = true;
  }

  List<Order> join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    requireHealthy();
    return placed();
  }

  private void order(int client) {
    try {
      for (int seq = 0; ; seq++) {
        int lineCount = 1 + seq % MAX_LINES;
        String[] receipt =
            post("?client=" + client + "&seq=" + seq + "&lines=" + lineCount).split(" ");
        placed.add(new Order(client, seq, lineCount, receipt[0], receipt[1]));
        if (seq % COUNT_EVERY == 0) {
          require(get("/count?client=" + client).equals(String.valueOf(seq + 1)), "a wrong count");
        }
      }
    } catch (IOException | InterruptedException | AssertionError e) {
      if (!isEndExpected) {
        failures.add(e.toString());
      }
    }
  }

  private String post(String query) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), query);
  }

  private String get(String query) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder().GET(), query);
  }

  private String send(HttpRequest.Builder request, String query)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request.uri(URI.create(shop + query)).build(), HttpResponse.BodyHandlers.ofString());
    require(response.statusCode() == 200, response.statusCode() + " " + response.body());
    return response.body();
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** A confirmed order, with the number and total that the shop gave it. */
  record Order(int client, int seq, int lineCount, String id, String total) {}
}
