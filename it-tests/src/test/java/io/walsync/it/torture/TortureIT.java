package io.walsync.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every state that a replica has is one that its database had, whatever happens to either: see
 * docs/TORTURE.md. {@code -Dtorture.scenario=}, {@code -Dtorture.seed=} and {@code -Dtorture.size=}
 * play one life again.
 */
final class TortureIT {

  private static final Duration CAMPAIGN = Duration.ofMinutes(3);
  private static final Duration LONG_CAMPAIGN = Duration.ofHours(2);

  private final long seed = number("torture.seed", System.nanoTime() & 0xffffff);
  private final Torture torture = new Torture(Path.of("target", "torture"));

  static Stream<String> scenarios() {
    return Scenarios.named(System.getProperty("torture.scenario", "")).stream().map(Scenario::name);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyRestorePointIsAStateThatTheDatabaseHad(String scenario) {
    String size = System.getProperty("torture.size", "");
    torture.play(
        Scenarios.named(scenario).get(0), seed, size.isEmpty() ? Size.TINY : Size.valueOf(size));
  }

  @Test
  @Tag("campaign")
  void everyRestorePointIsAStateThatTheDatabaseHadForLongAndOfLargeDatabases() {
    if (System.getProperty("torture.scenario", "").isEmpty()) {
      torture.play(new ClosedFileWriters(), seed, Size.LARGE);
    }
    boolean isLong = "long".equals(System.getProperty("campaign.length"));
    torture.playFor(
        isLong ? LONG_CAMPAIGN : CAMPAIGN,
        Scenarios.named(System.getProperty("torture.scenario", "")),
        seed,
        isLong ? null : Size.MEDIUM);
    System.out.println("torture:\n" + torture.report());
    assertThat(torture.failures()).isEmpty();
  }

  private static long number(String property, long defaultValue) {
    String given = System.getProperty(property, "");
    return given.isEmpty() ? defaultValue : Long.parseLong(given);
  }
}
