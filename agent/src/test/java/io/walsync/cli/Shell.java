package io.walsync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walsync.config.ReplicaConfig;
import io.walsync.replica.ReplicaClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Types commands as a user does, in this process. */
final class Shell {

  /** What a command left behind; the folder of the test is left out of the texts. */
  record Outcome(int exitCode, String out, String err) {}

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private UnaryOperator<ReplicaClient> wrapper = client -> client;
  private boolean isTerminal;

  Shell(Path folder) {
    this.folder = folder;
  }

  Shell set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell terminal() {
    isTerminal = true;
    return this;
  }

  /** Every client opened is what {@code wrapper} makes of it. */
  Shell wrap(UnaryOperator<ReplicaClient> wrapper) {
    this.wrapper = wrapper;
    return this;
  }

  Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8), isTerminal);
    ReplicaOpener opener =
        new ReplicaOpener() {
          @Override
          ReplicaClient open(ReplicaConfig config) throws IOException {
            return wrapper.apply(super.open(config));
          }
        };
    int exitCode = new CommandLineTool(console, environment, opener).run(args);
    return new Outcome(exitCode, text(out), text(err));
  }

  private String text(ByteArrayOutputStream bytes) {
    return bytes.toString(UTF_8).replace(folder + "/", "");
  }
}
