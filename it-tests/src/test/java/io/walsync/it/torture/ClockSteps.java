package io.walsync.it.torture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.ForkedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine's clock jumps by seconds or days, back and forth, between runs and within them. Needs
 * libfaketime.
 */
final class ClockSteps implements Scenario {

  private static final List<String> CLOCKS = List.of("+0", "+2d", "-3d", "+90s", "-90s", "-1s");

  @Override
  public void play(Life life) {
    assumeTrue(library().isPresent(), "there is no libfaketime.so.1 below /usr/lib");
    life.makeDatabase();
    Path clock = life.folder().resolve("clock");
    int turnCount = life.times(1, 3);
    for (int turn = 0; turn < turnCount; turn++) {
      step(life, clock);
      try (ForkedJvm app = life.started(faked(life, clock))) {
        app.ask("open");
        app.ask("insert 3");
        life.letReplicationBegin();
        app.ask(life.storm(1, 4, 2000, 3000, 50));
        life.drift(500);
        step(life, clock);
        // A second until it is noticed.
        life.drift(2500);
        app.ask("stop");
        if (life.random().nextBoolean()) {
          life.leave(app);
          life.isTheDatabaseOrNamed(app);
        } else {
          app.kill();
          life.judgeReplica();
        }
      }
    }
    life.endWell(life.started(faked(life, clock)));
  }

  private static void step(Life life, Path clock) {
    try {
      Files.writeString(clock, CLOCKS.get(life.random().nextInt(CLOCKS.size())) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ForkedJvm.Builder faked(Life life, Path clock) {
    return Application.builder(life.database())
        .agent(life.config())
        .environment(
            Map.of(
                "LD_PRELOAD", library().orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "NO_FAKE_STAT", "1"));
  }

  private static Optional<Path> library() {
    try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 3, (file, about) -> isIt(file))) {
      return files.findFirst();
    } catch (IOException | UncheckedIOException noneToBeRead) {
      return Optional.empty();
    }
  }

  private static boolean isIt(Path file) {
    return file.endsWith("faketime/libfaketime.so.1");
  }
}
