package io.walsync.db.upload;

import io.walsync.db.events.Refusal;
import io.walsync.db.staging.StagingDamagedException;

/** What an answer of the store means for the duty cycle, and why. */
public final class Answer {

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

  static final Answer NONE = new Answer(Kind.NONE, null, null);
  static final Answer BEGIN_AGAIN = new Answer(Kind.BEGIN_AGAIN, null, null);
  static final Answer FORGET = new Answer(Kind.FORGET, null, null);
  static final Answer UNREACHABLE = new Answer(Kind.UNREACHABLE, null, null);

  private final Kind kind;
  private final StagingDamagedException damage;
  private final Refusal refusal;

  private Answer(Kind kind, StagingDamagedException damage, Refusal refusal) {
    this.kind = kind;
    this.damage = damage;
    this.refusal = refusal;
  }

  static Answer damaged(StagingDamagedException damage) {
    return new Answer(Kind.DAMAGED, damage, null);
  }

  static Answer refused(Refusal refusal) {
    return new Answer(Kind.REFUSED, null, refusal);
  }

  public Kind kind() {
    return kind;
  }

  /** What is damaged; only if it is {@link Kind#DAMAGED}. */
  public StagingDamagedException damage() {
    return damage;
  }

  /** Why it must not be replicated there; only if it is {@link Kind#REFUSED}. */
  public Refusal refusal() {
    return refusal;
  }

  @Override
  public String toString() {
    return kind.toString();
  }
}
