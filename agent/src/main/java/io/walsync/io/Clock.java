package io.walsync.io;

/** How time passes, for who decides by it; a test lets it pass as it likes. */
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
      };

  /** As {@link System#nanoTime}: for differences only, never runs backwards. */
  long nanoTime();
}
