package io.walsync.io;

import java.util.concurrent.locks.LockSupport;

/** The clock of classes that decide by time or wait. A test passes one that it moves itself. */
public interface Clock extends WallClock {

  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public long millis() {
          return System.currentTimeMillis();
        }

        @Override
        public void pause(long nanos) {
          LockSupport.parkNanos(nanos);
        }
      };

  /** As {@link System#nanoTime}: for differences only, never runs backwards. */
  long nanoTime();

  /** Blocks the calling thread for about {@code nanos} nanoseconds; may return sooner. */
  void pause(long nanos);
}
