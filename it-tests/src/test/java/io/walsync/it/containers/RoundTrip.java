package io.walsync.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.AgentJar;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Write, look around, kill, restore with the same Java, compare. */
final class RoundTrip {

  /** The agent's own jar is on every class path, and with it what runs before anything else. */
  private static final List<String> UNAVOIDABLE =
      List.of("io.walsync.bootstrap.AgentEntry", "io/walsync/bootstrap/AgentEntry.class");

  private final Container container;
  private final Host host;
  private final DirectoryReplica replica;

  RoundTrip(Container container, Jdk jdk, String driverVersion, Path folder) {
    this.container = container;
    this.replica = replicaIn(folder);
    this.host = new Host(jdk, driverVersion, folder, configure(folder));
  }

  private static DirectoryReplica replicaIn(Path folder) {
    return new DirectoryReplica(folder.resolve("replica"));
  }

  /** Writes a configuration that replicates the database in this folder. */
  static Path configure(Path folder) {
    return AgentYaml.of(folder.resolve(Host.DATABASE), replicaIn(folder))
        .writeTo(Folders.create(folder).resolve("walsync.yml"));
  }

  Host host() {
    return host;
  }

  void run() {
    run(container.start(host));
  }

  /** With an application that was started on the {@link #host}. */
  void run(DeployedApp started) {
    try (DeployedApp app = started) {
      assertThat(app.ask("java")).matches("(1\\.)?" + host.jdk().feature() + "\\b.*");
      app.ask("open");
      app.ask("create");
      app.ask("start threads=2 storm=25 size=2000 pause=300");
      Recovery recovery = new Recovery(replica, host.folder());
      recovery.awaitSeq(100);
      app.ask("stop");
      recovery.awaitSeq(app.ask("insert 5"));
      requireInvisible(app.ask("visible"));
      assertThat(app.ask("sql PRAGMA wal_autocheckpoint"))
          .as("the agent could ask the application's connection not to checkpoint")
          .isEqualTo("0");
      assertThat(app.jvm().stderr()).noneMatch(RoundTrip::isComplaint);
      app.jvm().kill();
    }
    DatabaseContent.settle(host.database());
    Path restored = host.folder().resolve("by-that-java.db");
    RestoreCommand.from(replica).on(host.jdk()).to(restored).succeeded();
    LedgerContent.of(restored).isTheSameAs(LedgerContent.of(host.database()));
  }

  /** Whether the agent says that something is wrong, other than with the driver's own SQLite. */
  static boolean isComplaint(String line) {
    boolean isSevere = line.contains(" WARN walsync") || line.contains(" ERROR walsync");
    return line.startsWith("walsync: ") || isSevere && !line.contains("WAL-reset bug");
  }

  /** Of the agent's jar an application may find the entry point; of the JDK, the bridge. */
  static void requireInvisible(String traces) {
    List<String> found = Arrays.asList(traces.split(" "));
    assertThat(found).contains("java.lang.WalsyncBridge@jdk");
    assertThat(found)
        .anyMatch(trace -> trace.startsWith("org.sqlite.JDBC@"))
        .filteredOn(trace -> trace.contains(AgentJar.path().getFileName().toString()))
        .allMatch(trace -> UNAVOIDABLE.contains(trace.substring(0, trace.indexOf('@'))));
    assertThat(found)
        .filteredOn(trace -> trace.matches("(io\\.walsync\\.(?!bootstrap)|walsync:).*"))
        .isEmpty();
  }
}
