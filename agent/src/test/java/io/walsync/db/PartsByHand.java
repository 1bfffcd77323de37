package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.upload.Answer;
import io.walsync.hook.FileConnection;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What decides about a real database, each for itself and without a duty cycle, in a time that
 * passes when the test says so.
 */
final class PartsByHand implements AutoCloseable {

  private static final String[] TABLE = {"PRAGMA journal_mode=wal", "CREATE TABLE t(v)"};

  /** What was told, as far as tests ask. */
  static final class Heard implements DbEvents {
    final Set<Decision> decisions = EnumSet.noneOf(Decision.class);
    final List<String> changes = new ArrayList<>();
    final List<String> impossible = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();
    int mergeCount;
    int stagingFullCount;
    int stagingRoomCount;

    @Override
    public boolean wantsDecisions() {
      return true;
    }

    @Override
    public void stagingFull(File staging, long boundBytes, boolean isTotal, long uploadedTxid) {
      stagingFullCount++;
    }

    @Override
    public void stagingHasRoom(File staging) {
      stagingRoomCount++;
    }

    @Override
    public void decided(Decision decision, String why) {
      mergeCount += decision == Decision.SEGMENTS_MERGED ? 1 : 0;
      decisions.add(decision);
    }

    @Override
    public void stateChanged(Enum<?> left, Enum<?> entered, Object reason, long nanos) {
      changes.add(
          left
              + " -> "
              + entered
              + " ("
              + reason
              + ") after "
              + Duration.ofNanos(nanos).toMillis());
    }

    @Override
    public void impossibleChange(String change) {
      impossible.add(change);
    }

    @Override
    public void refused(Refusal refusal) {
      refusals.add(refusal);
    }
  }

  /** A connection of the application's. */
  final class App implements AutoCloseable {
    final FileConnection hook;
    private final ByHand.AppConnection connection;

    App() throws SQLException, IOException {
      connection = world.new AppConnection();
      hook = connection.hook;
      parts.driver.opened(hook);
      parts.autocheckpoint.opened(hook);
    }

    App execute(String... statements) throws SQLException {
      connection.execute(statements);
      return this;
    }

    /** As the duty cycle would. */
    @Override
    public void close() throws SQLException, IOException {
      connection.close(() -> parts.session.letGo(!connections.isAnyStaying()));
      connections.takeWaiting();
    }
  }

  final File file;
  final ManualClock clock;
  final Heard heard = new Heard();
  final Connections connections;
  final Drain drain = new Drain();
  final Parts parts;
  final Watch watch;
  final Opening opening;
  final Closing closing;
  final Setback setback;
  private final ByHand world;

  PartsByHand(Path folder) throws Exception {
    this(folder, "journal-mode: wal");
  }

  /**
   * @param setting one more of the database's
   */
  PartsByHand(Path folder, String setting) throws Exception {
    world = new ByHand(folder, setting);
    file = world.file;
    clock = world.clock;
    connections = world.connections;
    DbSettings settings = world.settings(client -> client, heard);
    parts =
        new Parts(
            settings, world.executors(() -> {}), connections, drain, new Turnstile(), () -> {});
    watch =
        new Watch(
            parts.session, heard, new Doubt(heard), ByHand.REST_AFTER.toNanos(), clock.nanoTime());
    opening = new Opening(parts, watch);
    closing = new Closing(parts);
    setback = new Setback(parts, closing);
  }

  App open() throws SQLException, IOException {
    return new App();
  }

  /** A database with a table, of which the empty replica has said that it may begin. */
  App captured() throws Exception {
    App app = open().execute(TABLE);
    opening.begin();
    answer();
    clock.passNanos(Course.RETRY_NANOS);
    opening.begin();
    if (!parts.course.is(DbState.REPLICATING)) {
      throw new AssertionError(parts.course.state() + " after " + heard.changes);
    }
    return app;
  }

  /** Has the store answer what it was asked; nobody hears it before it is collected. */
  void storeAnswers() {
    world.answer();
  }

  /** Has the store answer what it was asked; returns what that means. */
  Answer.Kind answer() throws IOException {
    storeAnswers();
    Answer.Kind kind = parts.replicator.collect().kind();
    if (kind == Answer.Kind.BEGIN_AGAIN) {
      setback.beginAgainAt(clock.nanoTime(), "what the replica holds is known now");
    }
    return kind;
  }

  DbState state() {
    return parts.course.state();
  }

  @Override
  public void close() throws IOException {
    parts.session.abandon();
    parts.local.close();
  }
}
