package io.walsync.db;

import io.walsync.config.Checkpointer;
import io.walsync.db.application.Autocheckpoint;
import io.walsync.db.application.Connections;
import io.walsync.db.application.DriverInUse;
import io.walsync.db.application.WalMode;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.compare.ComparisonPace;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Unstored;
import io.walsync.db.history.Compactor;
import io.walsync.db.local.LocalState;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.Pause;
import io.walsync.db.upload.ReplicaCheck;
import io.walsync.db.upload.Replicator;
import io.walsync.db.upload.Uploader;
import io.walsync.io.Clock;
import java.io.File;

/** The objects that the decisions about one database use. Made once for each database. */
final class Parts {

  final File path;
  final Clock clock;
  final long syncIntervalNanos;
  final Course course;
  final Connections connections;
  final Drain drain;
  final Haste haste = new Haste();
  final Pause pause;
  final UploadTime uploadTime;
  final DbEvents events;
  final Unstored unstored;
  final DriverInUse driver;
  final LocalState local;
  final Replicator replicator;
  final ComparisonPace pace;
  final Session session;
  final Autocheckpoint autocheckpoint;
  final Suspension suspension;

  Parts(
      DbSettings settings,
      DbExecutors executors,
      Connections connections,
      Drain drain,
      Turnstile turnstile,
      Runnable wake) {
    this.path = settings.path();
    this.syncIntervalNanos = settings.config().syncInterval().toNanos();
    this.clock = settings.clock();
    this.unstored = new Unstored(clock::millis);
    this.connections = connections;
    this.drain = drain;
    this.pause = executors.pause();
    this.events = settings.events();
    this.course = new Course(path, events, clock);
    this.driver = new DriverInUse(connections, events);
    this.local = new LocalState(settings, events, unstored);
    this.replicator = replicator(settings, executors, wake);
    this.uploadTime = new UploadTime(drain, haste, pause, replicator);
    this.pace = new ComparisonPace(drain::isWanted, clock);
    this.session = session(settings, executors, turnstile);
    this.autocheckpoint =
        new Autocheckpoint(connections, settings.config().checkpointer() == Checkpointer.AGENT);
    this.suspension = new Suspension(settings.random(), events, unstored, clock);
  }

  private Replicator replicator(DbSettings settings, DbExecutors executors, Runnable wake) {
    Uploader uploader =
        new Uploader(
            settings.client(),
            executors.uploads(),
            syncIntervalNanos,
            settings.random(),
            clock,
            wake);
    ReplicaCheck check =
        new ReplicaCheck(
            settings.client(),
            executors.listings(),
            executors.listingIntervalNanos(),
            settings.random(),
            wake);
    Compactor past = new Compactor(settings, executors, uploader.fence(), this::isMergingUnwanted);
    return new Replicator(uploader, local, check, past, events, unstored, clock);
  }

  /** The process is about to end, or nothing is to be sent. */
  private boolean isMergingUnwanted() {
    return drain.isWanted() || pause.isOn();
  }

  private Session session(DbSettings settings, DbExecutors executors, Turnstile turnstile) {
    return new Session(
        settings,
        local,
        turnstile,
        events,
        executors.host(),
        pace,
        new WalMode(settings, connections, executors, drain::isWanted),
        new Entrance(path, connections, executors, clock),
        connections);
  }
}
