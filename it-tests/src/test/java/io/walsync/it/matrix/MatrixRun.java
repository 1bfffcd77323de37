package io.walsync.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.scenario.ScenarioApp;
import io.walsync.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All scenarios on one driver, once. */
final class MatrixRun {

  /** How long a commit may take until it is restorable, with two hundred databases at once. */
  private static final Duration ARRIVAL_DEADLINE = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofMillis(20);

  private final Path driver;
  private final Path folder;
  private final Path data;
  private final Path replicas;
  private final boolean isReplicated;
  private boolean isAttached;
  private List<String> stderr = List.of();

  MatrixRun(Path driver, Path folder, boolean isReplicated) {
    this.driver = driver;
    this.folder = Folders.create(folder);
    this.data = Folders.create(folder.resolve("data"));
    this.replicas = folder.resolve("replicas");
    this.isReplicated = isReplicated;
  }

  /** The agent comes when the driver is loaded and in use. */
  MatrixRun attached() {
    isAttached = true;
    return this;
  }

  /** Runs the scenarios; while they hold their connections, everything must arrive. */
  void run() {
    ForkedJvm.Builder builder =
        ForkedJvm.of(ScenarioApp.class)
            .classPath(Application.classes(), driver, Application.slf4j())
            .arguments(data, isReplicated ? replicas : "-", folder.resolve("seen.txt"), wanted());
    if (isReplicated && !isAttached) {
      builder.agent(config());
    }
    try (ForkedJvm app = builder.start()) {
      if (isAttached) {
        app.ask("nothing");
        RestoreCommand.cli(Map.of(), "attach", String.valueOf(app.pid()), config().toString())
            .succeeded();
      }
      app.ask("run");
      if (isReplicated) {
        awaitEverything();
      }
      app.ask("close");
      assertThat(app.exit()).isZero();
      stderr = List.copyOf(app.stderr());
    }
  }

  /** {@code -Dmatrix.only=}, a regular expression of names, to look into a few scenarios. */
  private static String wanted() {
    String only = System.getProperty("matrix.only", "");
    return only.isEmpty() ? ".*" : only;
  }

  private Path config() {
    List<String> lines =
        List.of(
            "dbs:",
            "  - dir: " + data,
            "    pattern: '*.db'",
            "    replica:",
            "      path: " + replicas,
            "      sync-interval: 20ms");
    try {
      return Files.write(folder.resolve("walsync.yml"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every replica restores to the rows that the database has while it is open. */
  private void awaitEverything() {
    List<Path> waiting = new ArrayList<>(databases());
    await("databases whose commits did not arrive while they were open")
        .pollInterval(LOOK)
        .atMost(ARRIVAL_DEADLINE)
        .until(
            () -> {
              waiting.removeIf(this::hasArrived);
              return waiting;
            },
            List::isEmpty);
  }

  private boolean hasArrived(Path database) {
    return restore(database)
        .map(restored -> DatabaseRows.of(restored).equals(DatabaseRows.of(database)))
        .orElse(false);
  }

  private Optional<Path> restore(Path database) {
    Path output = Folders.create(folder.resolve("restored")).resolve(database.getFileName());
    return RestoredHere.restore(replicas.resolve(database.getFileName()), output);
  }

  /** Every replica restores to the bytes and the rows of the database the application left. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (Path database : databases()) {
      try {
        DatabaseContent.settle(database);
        Path restored =
            restore(database).orElseThrow(() -> new AssertionError("there is no replica"));
        DatabaseContent.sameBytes(database, restored);
        assertThat(DatabaseRows.of(restored)).isEqualTo(DatabaseRows.of(database));
      } catch (AssertionError | UncheckedIOException difference) {
        differences.add(database.getFileName() + ": " + difference.getMessage());
      }
    }
    return differences;
  }

  /** What the agent did to a database that the application cannot have done. */
  List<Path> leftBehind() {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(file -> file.toString().endsWith("-wal") || file.toString().endsWith("-shm"))
          .map(Path::getFileName)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the application saw. */
  List<String> seen() {
    try {
      return Files.readAllLines(folder.resolve("seen.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path database(Path name) {
    return data.resolve(name);
  }

  List<String> stderr() {
    return stderr;
  }

  List<Path> databases() {
    try (Stream<Path> files = Files.list(data)) {
      return files.filter(file -> file.toString().endsWith(".db")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
