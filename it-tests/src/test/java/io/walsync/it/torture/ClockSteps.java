package io.walsync.it.torture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.testkit.Command;
import io.walsync.testkit.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The machine's clock jumps by seconds or days, back and forth, between runs and within them. Other
 * clocks, by which programs wait, go on as they do on a real machine.
 */
final class ClockSteps implements Scenario {

  /** Seconds beside the true time. */
  private static final List<String> CLOCKS = List.of("0", "172800", "-259200", "90", "-90", "-1");

  @Override
  public void play(Life life) {
    assumeTrue(Peers.find("gcc").isPresent(), Peers.absence("gcc"));
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
        life.drift(700);
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
    return life.program()
        .agent(life.config())
        .environment(
            Map.of("LD_PRELOAD", library(life).toString(), "CLOCK_FILE", clock.toString()));
  }

  /** Made where it is needed, since it is the machine's own. */
  private static Path library(Life life) {
    Path library = life.folder().resolve("clock.so");
    if (!Files.exists(library)) {
      Path source = life.folder().resolve("clock.c");
      try (InputStream text = ClockSteps.class.getResourceAsStream("/torture/clock.c")) {
        Files.copy(text, source);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      List<String> command =
          List.of("gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString());
      Command.run(command, Map.of(), "").succeeded();
    }
    return library;
  }
}
