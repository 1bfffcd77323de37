package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.ForkedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An application of another module, with its framework and driver on a class path of its own. */
final class HostApplication {

  /** Spring Boot on a machine that does other work too. */
  private static final Duration DEADLINE = Duration.ofSeconds(120);

  private HostApplication() {}

  /**
   * @param module a folder of this one
   */
  static ForkedJvm.Builder of(String module, String mainClass) {
    Path target = Path.of(module, "target").toAbsolutePath();
    assertThat(target.resolve("lib")).as("built by -Pcampaign").isDirectory();
    ForkedJvm.Builder builder = ForkedJvm.of(mainClass).classPath(target.resolve("classes"));
    try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
      jars.sorted().forEach(builder::classPath);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return builder;
  }

  /** Waits for a line of standard output and returns what follows the given beginning. */
  static String line(ForkedJvm app, String beginning) {
    await(app, () -> app.stdout().stream().anyMatch(line -> line.startsWith(beginning)));
    return app.stdout().stream()
        .filter(line -> line.startsWith(beginning))
        .findFirst()
        .orElseThrow()
        .substring(beginning.length());
  }

  static void await(ForkedJvm app, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(20))
        .failFast(
            () ->
                assertThat(app.isAlive())
                    .as(() -> "the application lives; " + String.join("\n", app.stderr()))
                    .isTrue())
        .until(condition);
  }

  /** The agent's lines that say that something is wrong. */
  static List<String> complaints(ForkedJvm app) {
    return app.stderr().stream()
        .filter(line -> line.contains(" walsync WARN ") || line.contains(" walsync ERROR "))
        .toList();
  }
}
