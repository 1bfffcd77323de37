package io.walsync.db.events;

import java.util.Locale;

/** How one database does, in one word: for people, monitoring and probes. */
public enum Health {
  /** Every commit is taken in and uploaded. */
  REPLICATING(true),

  /** Nobody has it open in this process. */
  CLOSED(true),

  /** The application needs it for itself for a moment, as a VACUUM or a change of mode does. */
  AWAY(true),

  /** Another process has it and replicates it, the commits of this one too. */
  ELSEWHERE(true),

  /** It is open, and nothing of it can be restored yet, or what the replica holds is unknown. */
  STARTING(false),

  /** Commits are kept on this machine, since somebody has asked for a pause. */
  PAUSED(false),

  /** Commits are kept on this machine, since the store does not take them. */
  STORE_DOWN(false),

  /** Whether SQLite counts the last commit is not known for now; it is not in the store. */
  IN_DOUBT(false),

  /** It cannot be captured; tried again. */
  SUSPENDED(false),

  /** Somebody else writes the replica. Not replicated until somebody acts. */
  FENCED(false),

  /** Not replicated until somebody acts. */
  REFUSED(false),

  /** The agent leaves the process. */
  LEFT(false);

  private final boolean isFine;

  Health(boolean isFine) {
    this.isFine = isFine;
  }

  /** Whether nothing has to be done or waited for, as long as it does not last. */
  public boolean isFine() {
    return isFine;
  }

  /** As it stands in tables, JSON and metrics: {@code store-down}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
