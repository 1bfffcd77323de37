package io.walsync.it.torture;

import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.opentest4j.TestAbortedException;

/**
 * Plays scenarios, each life from a seed that is printed before it, and keeps the folder of one
 * that fails. See docs/TORTURE.md for how a seed is replayed.
 */
public final class Torture {

  private final Path folder;
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  Torture(Path folder) {
    this.folder = Folders.create(folder);
  }

  /** One life; a failure says how to play it again, and its folder stays. */
  void play(Scenario scenario, long seed, Size size) {
    String what =
        "-Dtorture.scenario="
            + scenario.name()
            + " -Dtorture.seed="
            + seed
            + " -Dtorture.size="
            + size
            + Drivers.asked().map(driver -> " -Dtorture.driver=" + driver).orElse("");
    System.out.println("torture: " + what);
    Path place = folder.resolve(scenario.name() + "-" + seed);
    Folders.delete(place);
    Tally tally = tallies.computeIfAbsent(scenario.name(), name -> new Tally());
    long start = System.nanoTime();
    try (Life life = new Life(place, seed, size, tally)) {
      scenario.play(life);
      tally.lives++;
    } catch (TestAbortedException skipped) {
      Folders.delete(place);
      throw skipped;
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError(
          "torture failed; its files are in " + place + "; again: it-tests/torture/run " + what,
          failure);
    } finally {
      tally.millis += (System.nanoTime() - start) / 1_000_000;
    }
    if (!Boolean.getBoolean("torture.keep")) {
      Folders.delete(place);
    }
  }

  /**
   * Life after life, each scenario in turn, until the time is over; a failure does not end it.
   *
   * @param fixed null for any size
   */
  void playFor(Duration duration, List<Scenario> scenarios, long seed, Size fixed) {
    long end = System.nanoTime() + duration.toNanos();
    for (long life = seed; life == seed || System.nanoTime() < end; life++) {
      Scenario scenario = scenarios.get((int) (life % scenarios.size()));
      goOnAfterFailure(scenario, life, fixed == null ? anySize(new Random(life)) : fixed);
    }
  }

  /** The same lives until one fails, since the operating system's part in them differs. */
  private void playAgain(long times, List<Scenario> scenarios, long seed, Size size) {
    for (long time = 0; time < times && failures.isEmpty(); time++) {
      scenarios.forEach(scenario -> goOnAfterFailure(scenario, seed, size));
    }
  }

  private void goOnAfterFailure(Scenario scenario, long seed, Size size) {
    try {
      play(scenario, seed, size);
    } catch (TestAbortedException skipped) {
      System.out.println("torture: skipped: " + skipped.getMessage());
    } catch (AssertionError failure) {
      failures.add(scenario.name() + " " + seed + " " + size + ": " + causes(failure));
      failure.printStackTrace(System.out);
    }
  }

  List<String> failures() {
    return failures;
  }

  String report() {
    StringBuilder text = new StringBuilder();
    Tally all = new Tally();
    for (Map.Entry<String, Tally> each : tallies.entrySet()) {
      text.append(String.format("  %-24s %s%n", each.getKey(), each.getValue()));
      all.add(each.getValue());
    }
    return text.append(String.format("  %-24s %s", "all", all)).toString();
  }

  /** Large ones are rare: one costs as much time as ten others. */
  private static Size anySize(Random random) {
    int choice = random.nextInt(24);
    return choice == 0 ? Size.LARGE : choice < 9 ? Size.MEDIUM : Size.SMALL;
  }

  private static String causes(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append(text.length() == 0 ? "" : " <- ").append(cause.getMessage());
    }
    return text.toString();
  }

  /**
   * For hours with {@code -Dtorture.minutes=}, else one seed, {@code -Dtorture.times=} as often.
   * The other properties are {@code torture.scenario} (names, or {@code all}), {@code
   * torture.seed}, {@code torture.size}, {@code torture.driver}, {@code torture.keep}, {@code
   * torture.folder}. Exit code 1 if anything failed.
   */
  public static void main(String[] args) {
    Torture torture = new Torture(Path.of(System.getProperty("torture.folder", "target/torture")));
    List<Scenario> scenarios = Scenarios.named(System.getProperty("torture.scenario", ""));
    long seed = Long.getLong("torture.seed", System.nanoTime() & 0xffffff);
    String size = System.getProperty("torture.size", "");
    Long minutes = Long.getLong("torture.minutes");
    if (minutes == null) {
      Size played = size.isEmpty() ? Size.SMALL : Size.valueOf(size);
      torture.playAgain(Long.getLong("torture.times", 1), scenarios, seed, played);
    } else {
      Size fixed = size.isEmpty() ? null : Size.valueOf(size);
      torture.playFor(Duration.ofMinutes(minutes), scenarios, seed, fixed);
    }
    System.out.println("torture: in all\n" + torture.report());
    torture.failures().forEach(failure -> System.out.println("FAILED " + failure));
    System.exit(torture.failures().isEmpty() ? 0 : 1);
  }
}
