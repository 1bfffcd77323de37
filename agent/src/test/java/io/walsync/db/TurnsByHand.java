package io.walsync.db;

import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.events.DbStatus;
import io.walsync.db.events.LogLines;
import io.walsync.db.settings.Pause;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The duty cycle of a real database, whose turns are taken by the test, in a time that passes when
 * the test says so. Requests to the store are answered at once, or when it says so.
 */
final class TurnsByHand implements AutoCloseable {

  /** What asks for its next turn at once gets it so much later. */
  private static final long LEAST_STEP_NANOS = 1_000_000;

  /** A connection of the application's. */
  final class App implements AutoCloseable {
    private final ByHand.AppConnection connection;

    App() throws SQLException, IOException {
      connection = world.new AppConnection();
      duty.opened(connection.hook);
    }

    void execute(String... statements) throws SQLException {
      connection.execute(statements);
    }

    @Override
    public void close() throws SQLException, IOException {
      connection.close(duty::run);
    }
  }

  final File file;
  final ManualClock clock;

  /** Whether requests wait for {@link #answer}. */
  boolean areAnswersLate;

  private final ByHand world;
  private final DutyCycle duty;
  private final Drain drain = new Drain();

  TurnsByHand(Path folder, UnaryOperator<ReplicaClient> wrapper) throws Exception {
    world = new ByHand(folder, "journal-mode: wal");
    file = world.file;
    clock = world.clock;
    duty =
        new DutyCycle(
            world.settings(wrapper, new LogLines(file, world.url())),
            world.executors(
                () -> {
                  if (!areAnswersLate) {
                    answer();
                  }
                }),
            world.connections,
            drain,
            new Turnstile(),
            () -> {});
  }

  App open() throws SQLException, IOException {
    return new App();
  }

  /** Takes a turn; returns when the next is due. */
  Duration turn() {
    return Duration.ofNanos(duty.run());
  }

  /** Takes all turns that are due within that time, each when it is. */
  void turns(Duration time) {
    long end = clock.nanoTime() + time.toNanos();
    long next = duty.run();
    while (next <= end - clock.nanoTime()) {
      clock.passNanos(Math.max(LEAST_STEP_NANOS, next));
      next = duty.run();
    }
    clock.passNanos(end - clock.nanoTime());
  }

  /** Has the store answer all that it was asked. */
  void answer() {
    world.answer();
  }

  Drain drain() {
    return drain;
  }

  Haste haste() {
    return duty.haste();
  }

  Pause pause() {
    return world.pause;
  }

  DbStatus status() {
    return duty.status();
  }

  DbState state() {
    return DbState.valueOf(duty.describeState());
  }

  List<LtxFileInfo> uploaded(int level) throws IOException {
    FileReplicaClient client = new FileReplicaClient(world.replicaFolder);
    client.init();
    return client.list(level, Txid.FIRST, false);
  }

  Parking parking() {
    return duty.parking();
  }

  @Override
  public void close() throws IOException {
    duty.close();
    if (duty.impossibleChange() != null) {
      throw new AssertionError(duty.impossibleChange());
    }
  }
}
