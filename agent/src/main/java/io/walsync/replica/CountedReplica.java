package io.walsync.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A replica whose requests are counted.
 *
 * <p>Threading: safe.
 */
public final class CountedReplica implements Supplier<ReplicaClient> {

  private final Supplier<ReplicaClient> replica;
  private final RequestCounts counts = new RequestCounts();

  /** Counts the requests of {@link #counted}; null before the first. */
  private @Nullable ReplicaClient client;

  private @Nullable ReplicaClient counted;

  public CountedReplica(Supplier<ReplicaClient> replica) {
    this.replica = replica;
  }

  /** The client. That it could not be opened or connected counts as a request that failed. */
  @Override
  public ReplicaClient get() {
    ReplicaClient now;
    try {
      now = replica.get();
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      if (cause != null) {
        counts.failed("connect", cause);
      }
      throw e;
    }
    return counted(now);
  }

  private synchronized ReplicaClient counted(ReplicaClient now) {
    ReplicaClient known = counted;
    if (known == null || now != client) {
      known = new CountedClient(now, counts);
      client = now;
      counted = known;
    }
    return known;
  }

  public RequestCounts counts() {
    return counts;
  }
}
