package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * OpenTelemetry's Java agent beside ours: it instruments java.sql, HTTP clients, executors and the
 * AWS SDK in every class loader, and must see the application and nothing of us.
 */
@Tag("campaign")
final class TracingAgentIT {

  private static final String SPAN = "LoggingSpanExporter - ";

  /** More than the WAL may have before it is checkpointed. */
  private static final String TEN_MEGABYTES = "transaction 100 100000";

  private enum Order {
    OURS_FIRST,
    TRACING_FIRST
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void theTracesOfTheApplicationAreItsOwn(Order order) {
    Path database = folder.resolve("app.db");
    try (ForkedJvm app = Application.plain(database)) {
      // A database in WAL mode: the agent takes hold of it as soon as it is opened.
      app.ask("open");
      app.ask("create");
      app.ask("close");
      app.exit();
    }
    try (BucketReplica replica = new BucketReplica(S3Servers.EMBEDDED.server())) {
      Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
      Recovery recovery = new Recovery(replica, folder);
      ForkedJvm app = builder(database, config, order).start();
      try (app) {
        app.ask("open");
        recovery.awaitSeq(app.ask("insert 20"));
        recovery.awaitSeq(app.ask(TEN_MEGABYTES));
        recovery.awaitSeq(app.ask("insert 20"));
        app.ask("close");
        app.exit();
      }
      checkSpans(app.stderr().stream().filter(line -> line.contains(SPAN)).toList());
      DatabaseContent.settle(database);
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
      assertThat(HostApplication.complaints(app)).isEmpty();
    }
  }

  private static ForkedJvm.Builder builder(Path database, Path config, Order order) {
    ForkedJvm.Builder builder = Application.builder(database).classPath(Application.slf4j());
    String tracing = "-javaagent:" + Path.of("target", "tracing", "opentelemetry-javaagent.jar");
    if (order == Order.OURS_FIRST) {
      builder.agent(config).option(tracing);
    } else {
      builder.option(tracing).agent(config);
    }
    return builder
        .property("otel.traces.exporter", "logging")
        .property("otel.metrics.exporter", "none")
        .property("otel.logs.exporter", "none");
  }

  private static void checkSpans(List<String> spans) {
    assertThat(spans).as("spans of INSERTs").anyMatch(span -> span.contains("INSERT INTO log"));
    assertThat(spans)
        .as("every span is the application's: JDBC, on its only thread")
        .allSatisfy(
            span ->
                assertThat(span)
                    .contains("[tracer: io.opentelemetry.jdbc:", "thread.name=main")
                    .doesNotContain("checkpoint", "schema_version"));
  }
}
