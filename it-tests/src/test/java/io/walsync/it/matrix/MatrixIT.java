package io.walsync.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way to commit, on every shape of the driver: the application sees what it sees without the
 * agent, and the replica restores to the same bytes.
 */
final class MatrixIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"3.8.7", "3.36.0.3", "3.54.1.0"})
  void everyCommitPathIsReplicatedAndNothingElseChanges(String version) {
    proveAll(version);
  }

  @Tag("campaign")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.8.11.2",
        "3.15.1",
        "3.21.0",
        "3.30.1",
        "3.39.3.0",
        "3.45.3.0",
        "3.50.3.0",
        "3.51.2.0",
        "3.51.3.0"
      })
  void everyCommitPathIsReplicatedByEveryVersion(String version) {
    proveAll(version);
  }

  @Tag("campaign")
  @ParameterizedTest
  @ValueSource(strings = {"3.8.11.2", "3.36.0.3", "3.54.1.0"})
  void everyCommitPathIsReplicatedByAnAgentThatWasAttached(String version) {
    Path driver = DriverJars.sqliteJdbc(version);
    prove(
        version + " attached",
        driver,
        new MatrixRun(driver, folder.resolve("replicated"), true).attached());
  }

  private void proveAll(String version) {
    Path driver = DriverJars.sqliteJdbc(version);
    prove(version, driver, new MatrixRun(driver, folder.resolve("replicated"), true));
  }

  private void prove(String version, Path driver, MatrixRun replicated) {
    MatrixRun plain = new MatrixRun(driver, folder.resolve("plain"), false);
    plain.run();
    replicated.run();
    List<Path> leftBehind = replicated.leftBehind();
    List<String> differences = replicated.differences();
    MatrixTable.add(version, replicated, differences);
    assertThat(changes(plain.seen(), replicated.seen())).as("what the application saw").isEmpty();
    assertThat(leftBehind).as("side files").isEqualTo(plain.leftBehind());
    assertThat(differences).as("what the replicas lack").isEmpty();
  }

  /** The lines in which two transcripts differ; the whole of them is too long for a message. */
  private static List<String> changes(List<String> without, List<String> with) {
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < Math.max(without.size(), with.size()); i++) {
      String expected = i < without.size() ? without.get(i) : "(nothing)";
      String seen = i < with.size() ? with.get(i) : "(nothing)";
      if (!expected.equals(seen)) {
        changes.add(expected + " became " + seen);
      }
    }
    return changes;
  }
}
