package io.walsync.restore;

/** How long a broken request waits before it is made again. */
final class RetryWaits {

  /** With the number of tries in {@link Retries}, a store counts as gone after some 10 seconds. */
  static final RetryWaits NORMAL = new RetryWaits(100, 5_000);

  final long firstMillis;
  final long maxMillis;

  RetryWaits(long firstMillis, long maxMillis) {
    this.firstMillis = firstMillis;
    this.maxMillis = maxMillis;
  }
}
