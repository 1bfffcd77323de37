package io.walsync.it.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.ChildEnvironment;
import io.walsync.testkit.Command;
import io.walsync.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real Litestream, one version of it. Tests skip where the binary is not to be had. */
public final class Litestream {

  /** Reads both page encodings and writes the newer one. */
  public static final String CURRENT = "0.5.18";

  /** The last that reads and writes only the older page encoding. */
  public static final String OLDEST_ENCODING = "0.5.15";

  private final Path binary;

  private Litestream(Path binary) {
    this.binary = binary;
  }

  public static Litestream version(String version) {
    String name = "litestream-" + version;
    assumeTrue(Peers.find(name).isPresent(), () -> Peers.absence(name));
    return new Litestream(Peers.find(name).orElseThrow());
  }

  /** The current version, or null where it is not to be had. */
  public static Litestream ifPresent() {
    return Peers.find("litestream-" + CURRENT).map(Litestream::new).orElse(null);
  }

  public Command.Outcome restore(Replica replica, Path output, String... options) {
    List<String> words = new ArrayList<>(List.of("restore", "-o", output.toString()));
    words.addAll(List.of(options));
    words.add(replica.litestreamUrl());
    return run(replica, words);
  }

  /** Lists the LTX files of all levels as the real tool sees them. */
  public Command.Outcome ltx(Replica replica) {
    return run(replica, List.of("ltx", "-level", "all", "-json", replica.litestreamUrl()));
  }

  /** Replicates what is there now and leaves. */
  public Command.Outcome replicateOnce(Path database, Replica replica, String... options) {
    List<String> words = new ArrayList<>(List.of("replicate", "-once"));
    words.addAll(List.of(options));
    words.addAll(List.of(database.toString(), replica.litestreamUrl()));
    return run(replica, words);
  }

  /** Replicates until closed. */
  public Daemon replicate(Path database, Replica replica, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(
                binary.toString(), "replicate", database.toString(), replica.litestreamUrl())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    ChildEnvironment.clean(builder.environment());
    builder.environment().putAll(replica.credentials());
    try {
      return new Daemon(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Command.Outcome run(Replica replica, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(words);
    return Command.run(command, replica.credentials(), "");
  }

  /** A running {@code litestream replicate}. */
  public static final class Daemon implements AutoCloseable {

    private final Process process;
    private final Path log;

    private Daemon(Process process, Path log) {
      this.process = process;
      this.log = log;
    }

    public boolean isAlive() {
      return process.isAlive();
    }

    public String log() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** SIGTERM: the last sync happens on the way out. */
    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("litestream did not stop; " + log());
        }
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
