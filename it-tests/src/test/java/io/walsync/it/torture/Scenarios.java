package io.walsync.it.torture;

import java.util.List;
import java.util.stream.Stream;

/** All scenarios there are, in two lists. */
final class Scenarios {

  /** Part of every build. */
  static final List<Scenario> GREEN =
      List.of(
          new AppStoppedInCommit(),
          new AttachedUnderFire(),
          new Checkpoints(),
          new ClockSteps(),
          new ClosedFileWriters(),
          new ConnectionPerStatement(),
          new DeletedObjects(),
          new EmptyDisks(),
          new ExclusiveLocking(),
          new ExitUnderFire(),
          new FailedFsync(),
          new ForeignKilledInCommit(),
          new KilledInCommit(),
          new LeakedStatements(),
          new NoBusyTimeout(),
          new OldStagingFolder(),
          new OlderRestored(),
          new PowerCut(),
          new ReplacedFile(),
          new RolledBackSpill(),
          new SlowFsync(),
          new StoppedInCommit());

  /** Known to find something, or not yet played often enough; only when asked for. */
  static final List<Scenario> RED = List.of();

  private Scenarios() {}

  static List<Scenario> all() {
    return Stream.concat(GREEN.stream(), RED.stream()).toList();
  }

  /**
   * @param names separated by commas; {@code all} is every one there is, nothing is those of every
   *     build
   */
  static List<Scenario> named(String names) {
    if (names.isEmpty()) {
      return GREEN;
    }
    if (names.equals("all")) {
      return all();
    }
    return Stream.of(names.split(",")).map(Scenarios::one).toList();
  }

  private static Scenario one(String name) {
    return all().stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no scenario "
                        + name
                        + "; there are "
                        + all().stream().map(Scenario::name).toList()));
  }
}
