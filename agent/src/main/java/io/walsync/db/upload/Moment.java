package io.walsync.db.upload;

import io.walsync.io.Clock;
import io.walsync.replica.ReplicaClient;

/**
 * A moment by three clocks. The monotonic one stands still while a machine is suspended, the wall
 * clock can be set back, and both are old in a machine that is resumed from an image; the store's
 * goes on. The store's is that of its last answer, and so at most the moment itself.
 */
final class Moment {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final long nanos;
  private final long millis;
  private final long storeMillis;

  private Moment(long nanos, long millis, long storeMillis) {
    this.nanos = nanos;
    this.millis = millis;
    this.storeMillis = storeMillis;
  }

  static Moment now(ReplicaClient client, Clock clock) {
    return new Moment(clock.nanoTime(), clock.millis(), client.storeMillis());
  }

  /** The most that has passed by any of the clocks; without bound if the store tells no time. */
  long millisUntil(Moment later) {
    if (storeMillis == ReplicaClient.NO_TIME || later.storeMillis == ReplicaClient.NO_TIME) {
      return Long.MAX_VALUE;
    }
    long monotonic = (later.nanos - nanos) / NANOS_PER_MILLI;
    long wall = later.millis - millis;
    long store = later.storeMillis - storeMillis;
    return Math.max(monotonic, Math.max(wall, store));
  }
}
