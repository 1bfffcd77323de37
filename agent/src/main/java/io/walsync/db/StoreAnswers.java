package io.walsync.db;

import io.walsync.db.upload.Answer;

/**
 * Collects what the store has answered since the last turn, and decides what follows from it.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class StoreAnswers {

  private final Parts parts;
  private final Setback setback;

  StoreAnswers(Parts parts, Setback setback) {
    this.parts = parts;
    this.setback = setback;
  }

  void act() throws Exception {
    long now = parts.clock.nanoTime();
    Answer answer = parts.replicator.collect();
    switch (answer.kind()) {
      case DAMAGED:
        throw answer.damage();
      case FORGET:
        setback.retire();
        break;
      case BEGIN_AGAIN:
        setback.beginAgainAt(now, "what the replica holds is known now");
        break;
      case UNREACHABLE:
        if (parts.course.is(DbState.ASKING)) {
          // Nothing is captured, so the agent does not checkpoint either: the application must.
          parts.autocheckpoint.giveBack();
          parts.course.beginAt(
              now + Math.max(0, parts.replicator.waitNanos(now, false)),
              "the store could not be reached");
        }
        break;
      case REFUSED:
        setback.refuse(answer.refusal());
        break;
      default:
        break;
    }
  }
}
