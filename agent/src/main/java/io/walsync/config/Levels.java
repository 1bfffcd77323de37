package io.walsync.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** How much time a file of each level above 0 spans, as Litestream's {@code levels} has it. */
final class Levels {

  /** Litestream's. */
  static final List<Duration> DEFAULT =
      Collections.unmodifiableList(
          Arrays.asList(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1)));

  /** Level 9 is that of the snapshots. */
  private static final int MOST = 8;

  private static final Duration MIN = Duration.ofSeconds(1);

  /** Ten years; more is probably a wrong unit. */
  private static final Duration MAX = Duration.ofDays(3653);

  private Levels() {}

  /** An empty list is none: nothing is merged. */
  static List<Duration> read(Section top) throws ConfigException {
    Value value = top.get("levels");
    if (value == null) {
      return DEFAULT;
    }
    List<Duration> levels = new ArrayList<>();
    for (Value each : value.list()) {
      if (levels.size() == MOST) {
        throw value.error("has more than " + MOST + " entries");
      }
      Section level = each.section(ConfigKeys.LEVEL);
      Value given = level.get("interval");
      if (given == null) {
        throw level.missing("interval", "an entry of `levels` needs an `interval`");
      }
      Duration usual = DEFAULT.get(Math.min(levels.size(), DEFAULT.size() - 1));
      Duration interval = given.duration(MIN, MAX, usual);
      Duration before = levels.isEmpty() ? Duration.ZERO : levels.get(levels.size() - 1);
      if (interval.compareTo(before) <= 0) {
        given.warn("is not longer than the level before; there are no levels from here on");
        break;
      }
      levels.add(interval);
    }
    return Collections.unmodifiableList(levels);
  }
}
