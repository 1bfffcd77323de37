package io.walsync.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When snapshots are made and how long they are kept. One pair for all databases, as in Litestream:
 * the top level's, else the one that all databases which name it agree on.
 */
final class SnapshotSettings {

  private static final Duration DEFAULT = Duration.ofHours(24);
  private static final Duration MIN = Duration.ofSeconds(1);

  /** Ten years; more is probably a wrong unit. */
  private static final Duration MAX = Duration.ofDays(3653);

  private final Setting interval = new Setting("interval");
  private final Setting retention = new Setting("retention");

  /** Reads the top level's section; must come before any {@link #addDatabase}. */
  void readTop(Section top) throws ConfigException {
    Value value = top.get("snapshot");
    if (value != null) {
      Section section = value.section(ConfigKeys.SNAPSHOT);
      interval.read(section, true);
      retention.read(section, true);
    }
  }

  void addDatabase(Section db) throws ConfigException {
    Value value = db.get("snapshot");
    if (value != null) {
      Section section = value.section(ConfigKeys.SNAPSHOT);
      interval.read(section, false);
      retention.read(section, false);
    }
  }

  /**
   * Warns if snapshots are deleted before the next one is made, or none is made although an
   * interval is given. To be called after all sections were read.
   *
   * @param isMerged whether there are levels into which files are merged
   */
  void warnIfContradictory(boolean isMerged) {
    Value givenInterval = interval.given();
    if (givenInterval != null && !isMerged) {
      givenInterval.warn(
          "`levels` is an empty list, and without levels no snapshots are made; ignored");
    }
    Value givenRetention = retention.given();
    if (givenRetention != null && retention().compareTo(interval()) < 0) {
      givenRetention.warn(
          "is shorter than the interval between snapshots (" + GoDuration.format(interval()) + ")");
    }
  }

  Duration interval() {
    return interval.duration();
  }

  /** Null if it is nowhere in the file. */
  @Nullable Value givenRetention() {
    return retention.given();
  }

  Duration retention() {
    return retention.duration();
  }

  private static final class Setting {
    private final String key;
    private @Nullable Given global;

    /** Of the first database that has it. */
    private @Nullable Given ofDatabase;

    Setting(String key) {
      this.key = key;
    }

    void read(Section section, boolean isTop) throws ConfigException {
      Value value = section.get(key);
      if (value == null) {
        return;
      }
      Given read = new Given(value, value.duration(MIN, MAX, DEFAULT));
      Given first = ofDatabase;
      if (isTop) {
        global = read;
      } else if (first == null) {
        ofDatabase = read;
      } else if (!first.duration.equals(read.duration)) {
        throw value.error(
            "differs from "
                + first.value.path()
                + " at "
                + first.value.line()
                + "; snapshots have one "
                + key
                + " for all databases");
      }
    }

    /** What counts; null if nothing is given. */
    private @Nullable Given counting() {
      return global == null ? ofDatabase : global;
    }

    @Nullable Value given() {
      Given counting = counting();
      return counting == null ? null : counting.value;
    }

    Duration duration() {
      Given counting = counting();
      return counting == null ? DEFAULT : counting.duration;
    }
  }

  /** A duration, and where it is written. */
  private static final class Given {
    final Value value;
    final Duration duration;

    Given(Value value, Duration duration) {
      this.value = value;
      this.duration = duration;
    }
  }
}
