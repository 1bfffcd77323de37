package io.walsync.db.upload;

import io.walsync.db.events.Refusal;
import io.walsync.db.staging.StagingDamagedException;

/** What an answer of the store means for the duty cycle, and why. */
public class Answer {

  public enum Kind {
    NONE,
    /** Local state was made or found: begin again from it. */
    BEGIN_AGAIN,
    /** Local state is not the replica's: give it up and begin again without. */
    FORGET,
    /** A staged file is not what it was, see {@link Answer#damage}. */
    DAMAGED,
    /** The store could not be reached; tried again later. */
    UNREACHABLE,
    /** This database must not be replicated there, see {@link Answer#refusal}. */
    REFUSED
  }

  static final Answer NONE = new Answer(Kind.NONE);
  static final Answer BEGIN_AGAIN = new Answer(Kind.BEGIN_AGAIN);
  static final Answer FORGET = new Answer(Kind.FORGET);
  static final Answer UNREACHABLE = new Answer(Kind.UNREACHABLE);

  private final Kind kind;

  private Answer(Kind kind) {
    this.kind = kind;
  }

  static Answer damaged(StagingDamagedException damage) {
    return new Damaged(damage);
  }

  static Answer refused(Refusal refusal) {
    return new Refused(refusal);
  }

  public final Kind kind() {
    return kind;
  }

  /** What is damaged; only if it is {@link Kind#DAMAGED}. */
  public StagingDamagedException damage() {
    throw new IllegalStateException(kind + " names no damage");
  }

  /** Why it must not be replicated there; only if it is {@link Kind#REFUSED}. */
  public Refusal refusal() {
    throw new IllegalStateException(kind + " is no refusal");
  }

  @Override
  public final String toString() {
    return kind.toString();
  }

  private static final class Damaged extends Answer {

    private final StagingDamagedException damage;

    Damaged(StagingDamagedException damage) {
      super(Kind.DAMAGED);
      this.damage = damage;
    }

    @Override
    public StagingDamagedException damage() {
      return damage;
    }
  }

  private static final class Refused extends Answer {

    private final Refusal refusal;

    Refused(Refusal refusal) {
      super(Kind.REFUSED);
      this.refusal = refusal;
    }

    @Override
    public Refusal refusal() {
      return refusal;
    }
  }
}
