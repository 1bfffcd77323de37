package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.compare.ComparisonPace;
import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Health;
import io.walsync.db.events.Refusal;
import io.walsync.db.events.Unstored;
import io.walsync.db.local.LocalState;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.Pause;
import io.walsync.db.staging.Position;
import io.walsync.db.upload.Replicator;
import io.walsync.db.upload.Traffic;
import io.walsync.io.LogTimes;
import io.walsync.io.Reason;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells how much of a database is in the store, and why the remainder is not: for the end of the
 * process, and in words for people.
 *
 * <p>Threading: the database's thread; {@link #status} from anywhere, approximately.
 */
final class Standing {

  private final DbSettings settings;
  private final Connections connections;
  private final LocalState local;
  private final Replicator replicator;
  private final Session session;
  private final Suspension suspension;
  private final ComparisonPace pace;
  private final Unstored unstored;
  private final Pause pause;

  Standing(
      DbSettings settings,
      Connections connections,
      LocalState local,
      Replicator replicator,
      Session session,
      Suspension suspension,
      ComparisonPace pace,
      Unstored unstored,
      Pause pause) {
    this.settings = settings;
    this.connections = connections;
    this.local = local;
    this.replicator = replicator;
    this.session = session;
    this.suspension = suspension;
    this.pace = pace;
    this.unstored = unstored;
    this.pause = pause;
  }

  /** Whether the store has everything committed, or another process replicates the database. */
  boolean isEverythingUploaded(DbState state) {
    return !session.hasContent()
        || suspension.isElsewhere()
        || local.isParked() && isLeftAlone(state)
        || state != DbState.REFUSED
            && local.isInitialised()
            && !local.isSuspect()
            && !pace.isOwed()
            && !replicator.isBusy()
            && !replicator.hasSealed()
            && !session.backlog().hasPending()
            && (state.isCaptured() || state == DbState.LEFT || !connections.isAnyOpen());
  }

  private boolean isLeftAlone(DbState state) {
    return !connections.isAnyOpen() && (state == DbState.IDLE || state == DbState.LEFT);
  }

  /** Whether waiting longer would not bring the rest into the store. */
  boolean isHopeless(DbState state) {
    boolean isStopped =
        state == DbState.SUSPENDED && !suspension.isLockOfAMoment() || state == DbState.LEFT;
    boolean isKeptByTheApplication = suspension.isExclusive() && connections.isExclusiveLocking();
    return state == DbState.REFUSED
        || session.backlog().isInDoubt()
        || isKeptByTheApplication
        || isStopped && !local.isInitialised();
  }

  /**
   * From any thread, approximately.
   *
   * @param sinceMillis when the database came into that state, milliseconds since the epoch
   * @param refusal null unless it is refused
   */
  DbStatus status(DbState state, long sinceMillis, @Nullable Refusal refusal) {
    String why = refusal == null ? suspension.describe() : refusal.text();
    Traffic traffic = replicator.traffic();
    IOException failure = traffic.lastFailure();
    Position known = local.lastKnown();
    long newestMillis = known == null ? 0 : known.storedMillis();
    return DbStatus.builder(settings.path(), settings.replicaUrl())
        .health(health(state, refusal, traffic), settings.clock().millis())
        .restorable(
            Math.max(traffic.oldestMillis(), replicator.compactor().past().oldestMillis()),
            newestMillis == 0 ? traffic.storedCommitMillis() : newestMillis)
        .wal(new File(settings.path() + "-wal").length())
        .sent(traffic.fileCount(), traffic.byteCount())
        .failures(
            traffic.failureCount(),
            failure == null ? null : Reason.of(failure),
            traffic.lastFailureMillis())
        .past(replicator.compactor().past())
        .replica(
            replicator
                .compactor()
                .size(
                    traffic.replicaFileCount(),
                    traffic.replicaByteCount(),
                    traffic.checkedMillis()))
        .storeDownSince(traffic.downSinceMillis())
        .requests(settings.requests())
        .state(state.name(), sinceMillis)
        .txids(local.uploadedTxid(), local.sealedTxid())
        .staged(local.stagedBytes(), settings.stagingFolder())
        .stagingLimit(settings.config().stagingMaxBytes())
        .unstoredSince(unstoredSinceMillis(state))
        .suspendedSince(suspension.sinceMillis())
        .obstacle(obstacle(state, why, traffic))
        .refusal(refusal)
        .build();
  }

  /** What nobody could look at may be committed since the obstacle is there. */
  private long unstoredSinceMillis(DbState state) {
    long knownMillis = unstored.knownSinceMillis();
    boolean isUnknown =
        knownMillis == 0
            && state == DbState.SUSPENDED
            && !suspension.isElsewhere()
            && !suspension.isLockOfAMoment();
    return isUnknown ? suspension.sinceMillis() : knownMillis;
  }

  private String obstacle(DbState state, String why, Traffic traffic) {
    if (!why.isEmpty()) {
      return inWords(state) + ": " + why;
    }
    if (pause.isOn()) {
      return "uploads are paused by a command until " + LogTimes.text(pause.endMillis());
    }
    IOException failure = traffic.lastFailure();
    if (traffic.downSinceMillis() != 0 && failure != null) {
      return "the replica cannot be written: " + Reason.of(failure);
    }
    boolean isInDoubt =
        suspension.doubt().isOpen() && (state.isCaptured() || state == DbState.LEFT);
    return isInDoubt ? Doubt.IN_WORDS : inWords(state);
  }

  private Health health(DbState state, @Nullable Refusal refusal, Traffic traffic) {
    if (refusal != null) {
      return refusal.isFenced() ? Health.FENCED : Health.REFUSED;
    } else if (state == DbState.LEFT) {
      return Health.LEFT;
    } else if (suspension.isElsewhere()) {
      return Health.ELSEWHERE;
    } else if (state == DbState.SUSPENDED) {
      return suspension.isLockOfAMoment() ? Health.AWAY : Health.SUSPENDED;
    } else if (pause.isOn()) {
      return Health.PAUSED;
    } else if (traffic.downSinceMillis() != 0) {
      return Health.STORE_DOWN;
    } else if (suspension.doubt().isTold() && state.isCaptured()) {
      return Health.IN_DOUBT;
    } else if (state == DbState.AWAY) {
      return Health.AWAY;
    } else if (local.uploadedTxid() == 0 || state == DbState.ASKING) {
      return connections.isAnyOpen() || unstored.knownSinceMillis() != 0
          ? Health.STARTING
          : Health.CLOSED;
    }
    return !connections.isAnyOpen()
        ? Health.CLOSED
        : state.isCaptured() ? Health.REPLICATING : Health.STARTING;
  }

  /** The state in words, for people who do not know the names of the states. */
  static String inWords(DbState state) {
    switch (state) {
      case ASKING:
        return "the replica has not answered yet what it holds";
      case AWAY:
        return "the application needs the database for itself";
      case SUSPENDED:
        return "it cannot be replicated for now";
      case REFUSED:
        return "it is not replicated";
      default:
        return "the upload is not finished";
    }
  }
}
