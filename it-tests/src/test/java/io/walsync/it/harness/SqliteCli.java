package io.walsync.it.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.ChildEnvironment;
import io.walsync.testkit.Command;
import io.walsync.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code sqlite3} shell: another process, another copy of SQLite, on the same file. */
public final class SqliteCli {

  private static final String NAME = "sqlite3";

  private final Path binary;

  private SqliteCli(Path binary) {
    this.binary = binary;
  }

  public static SqliteCli required() {
    assumeTrue(Peers.find(NAME).isPresent(), () -> Peers.absence(NAME));
    return ifPresent();
  }

  /** Null where there is none. */
  public static SqliteCli ifPresent() {
    return Peers.find(NAME).map(SqliteCli::new).orElse(null);
  }

  /**
   * Starts on a script, a file, without waiting for its end; it prints nowhere.
   *
   * @param prefix words before the command, of a program that becomes it
   */
  public Process start(List<String> prefix, Path database, Path script) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(binary.toString(), "-batch", "-noheader", "-bail", database.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(script.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    ChildEnvironment.clean(builder.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a script; lines of SQL and dot commands. */
  public Command.Outcome run(Path database, List<String> script) {
    String input = ".timeout 10000\n" + String.join("\n", script) + "\n";
    List<String> command =
        List.of(binary.toString(), "-batch", "-noheader", "-bail", database.toString());
    return Command.run(command, Map.of(), input);
  }
}
