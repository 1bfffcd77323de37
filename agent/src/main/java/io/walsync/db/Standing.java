package io.walsync.db;

import io.walsync.db.events.Refusal;

/**
 * What of a database is in the store, and what is in the way of the rest: for the end of the
 * process, and in words for people.
 *
 * <p>Threading: the database's thread; {@link #describe} from anywhere, approximately.
 */
final class Standing {

  private final Connections connections;
  private final LocalState local;
  private final Replicator replicator;
  private final Session session;
  private final Suspension suspension;
  private final ComparisonPace pace;

  Standing(
      Connections connections,
      LocalState local,
      Replicator replicator,
      Session session,
      Suspension suspension,
      ComparisonPace pace) {
    this.connections = connections;
    this.local = local;
    this.replicator = replicator;
    this.session = session;
    this.suspension = suspension;
    this.pace = pace;
  }

  /** Whether the store has everything committed, or another process sees to it. */
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
            && !session.hasPending()
            && (state.isCaptured() || state == DbState.LEFT || !connections.isAnyOpen());
  }

  private boolean isLeftAlone(DbState state) {
    return !connections.isAnyOpen() && (state == DbState.IDLE || state == DbState.LEFT);
  }

  /** Whether waiting longer would not bring it there. */
  boolean isHopeless(DbState state) {
    boolean isStopped =
        state == DbState.SUSPENDED && !suspension.isLockOfAMoment() || state == DbState.LEFT;
    boolean isKeptByTheApplication = suspension.isExclusive() && connections.isExclusiveLocking();
    return state == DbState.REFUSED
        || session.isInDoubt()
        || isKeptByTheApplication
        || isStopped && !local.isInitialised();
  }

  String describe(DbState state, Refusal refusal) {
    if (state == DbState.REFUSED) {
      return inWords(state) + ": " + refusal.text() + "; " + local.describePending();
    }
    String why = suspension.describe();
    return inWords(state) + (why.isEmpty() ? "" : ": " + why) + "; " + local.describePending();
  }

  /** What is in the way, for people who do not know our states. */
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
