package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Intruder;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.S3Server;
import io.walsync.testkit.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of an application that is replicated, in good times and in bad ones. */
final class MetricsIT {

  private static final Duration NOTICE = Duration.ofSeconds(60);
  private static final Pattern PORT = Pattern.compile("metrics are served on port (\\d+)");

  @TempDir Path folder;
  private Path database;
  private DirectoryReplica replica;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    replica = new DirectoryReplica(folder.resolve("replica"));
  }

  @Test
  void anOutageIsSeenInTheValues() {
    S3Server server = S3Servers.EMBEDDED.server();
    TcpProxy network = new TcpProxy(server.endpoint());
    BucketReplica bucket = new BucketReplica(server, network.endpoint());
    Path config =
        AgentYaml.of(database, bucket).top("addr: ':0'").writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      new Recovery(bucket, folder).awaitSeq(app.ask("insert 5 1000"));
      int port = port(app);
      await().atMost(NOTICE).until(() -> value(port, "walsync_fine") == 1);
      assertThat(value(port, "walsync_lag_seconds")).isZero();
      assertThat(value(port, "walsync_durable_txid")).isPositive();
      assertThat(value(port, "walsync_uploads_total")).isPositive();
      assertThat(value(port, "walsync_durable_timestamp_seconds")).isPositive();
      double before = value(port, "walsync_durable_txid");

      network.cut();
      app.ask("insert 5 1000");
      await().atMost(NOTICE).until(() -> value(port, "walsync_store_down") == 1);
      assertThat(value(port, "walsync_fine")).isZero();
      assertThat(value(port, "walsync_staged_bytes")).isPositive();
      assertThat(value(port, "walsync_failures_total")).isPositive();
      double lag = value(port, "walsync_lag_seconds");
      assertThat(lag).isPositive();
      await().atMost(NOTICE).until(() -> value(port, "walsync_lag_seconds") > lag);

      network.mend();
      await().atMost(NOTICE).until(() -> value(port, "walsync_fine") == 1);
      await().atMost(NOTICE).until(() -> value(port, "walsync_durable_txid") > before);
      app.ask("close");
      app.exit();
    } finally {
      bucket.close();
      network.close();
    }
  }

  @Test
  void aRefusalIsSeenInTheValues() {
    try (Intruder intruder =
        new Intruder(
            folder, replica, yaml -> yaml.top("addr: ':0'").top("litestream-metrics: true"))) {
      intruder.comes(new Recovery(replica, folder), "insert 5");
      int port = port(intruder.second());
      await()
          .atMost(NOTICE)
          .until(() -> value(port, "walsync_refused") == 1 || value(port, "walsync_fenced") == 1);
      assertThat(value(port, "walsync_fine")).isZero();
      assertThat(value(port, "litestream_wal_size")).isPositive();
      intruder.exit();
    }
  }

  @Test
  void aDetachClosesThePortAndALaterAttachServesAgain() {
    Path config =
        AgentYaml.of(database, replica).top("addr: ':0'").writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      new Recovery(replica, folder).awaitSeq(app.ask("insert 5"));
      int port = port(app);
      await().atMost(NOTICE).until(() -> value(port, "walsync_fine") == 1);
      String pid = String.valueOf(app.pid());
      RestoreCommand.cli(Map.of(), "detach", pid).succeeded();
      assertThat(page(port)).isEmpty();
      RestoreCommand.cli(Map.of(), "attach", pid, config.toString()).succeeded();
      app.ask("insert 1");
      await().atMost(NOTICE).until(() -> lines(app).results().count() == 2);
      int next = port(app);
      await().atMost(NOTICE).until(() -> value(next, "walsync_fine") == 1);
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void aPortThatIsTakenIsOneLineAndReplicationGoesOn() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path config =
          AgentYaml.of(database, replica)
              .top("addr: '127.0.0.1:" + taken.getLocalPort() + "'")
              .writeTo(folder.resolve("walsync.yml"));
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        app.ask("create");
        new Recovery(replica, folder).awaitSeq(app.ask("insert 5"));
        await()
            .atMost(NOTICE)
            .until(() -> app.stderr().stream().anyMatch(line -> line.contains("metrics cannot")));
        app.ask("close");
        app.exit();
        assertThat(app.stderr())
            .filteredOn(line -> line.contains(" WARN ") && !line.contains("WAL-reset"))
            .singleElement()
            .asString()
            .contains("metrics cannot be served on 127.0.0.1:" + taken.getLocalPort());
      }
    }
  }

  private static Matcher lines(ForkedJvm app) {
    return PORT.matcher(String.join("\n", app.stderr()));
  }

  /** Where metrics are served now. */
  private static int port(ForkedJvm app) {
    await().atMost(NOTICE).until(() -> lines(app).find());
    return lines(app)
        .results()
        .mapToInt(each -> Integer.parseInt(each.group(1)))
        .reduce(0, (a, b) -> b);
  }

  /** NaN if there is no such sample, or nobody answers. */
  private static double value(int port, String name) {
    Matcher sample =
        Pattern.compile("^" + name + "(?:\\{[^}]*\\})? (\\S+)$", Pattern.MULTILINE)
            .matcher(page(port));
    return sample.find() ? Double.parseDouble(sample.group(1)) : Double.NaN;
  }

  private static String page(int port) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException nobodyListens) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
