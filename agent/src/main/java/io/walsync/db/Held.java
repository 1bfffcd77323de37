package io.walsync.db;

import io.walsync.db.capture.Capture;
import io.walsync.db.capture.Hold;
import io.walsync.db.checkpoint.Checkpointer;

/**
 * A hold and what works through it.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Held {

  final Hold hold;
  final Capture capture;

  /** Never due without a firm pin: whoever keeps the database alone checkpoints it itself. */
  final Checkpointer checkpointer;

  Held(Hold hold, Capture capture, Checkpointer checkpointer) {
    this.hold = hold;
    this.capture = capture;
    this.checkpointer = checkpointer;
  }
}
