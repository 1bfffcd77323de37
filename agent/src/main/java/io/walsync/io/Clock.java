package io.walsync.io;

import java.util.concurrent.locks.LockSupport;

/** How time passes, for who decides by it or waits; a test lets it pass as it likes. */
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

  /** Does nothing for about so long. */
  void pause(long nanos);
}
