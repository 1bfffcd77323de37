package io.walsync.db;

import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What all databases of the process share: threads, and what is known of the host. */
public interface DbExecutors {

  /** Runs databases: capture, checkpoints, snapshots. A database occupies one thread at a time. */
  AgentThreads capture();

  /** Runs requests to stores: bounded, so that a slow store cannot take every thread. */
  Executor uploads();

  /** What is known of the process and the machine. */
  Host host();

  /**
   * How long a database must be idle before the agent closes its connections to it. Long enough
   * that opening them again (a millisecond) does not count, and that twice the tick of any file
   * system's clock (2 s on FAT) has passed.
   */
  default long restAfterNanos() {
    return TimeUnit.SECONDS.toNanos(5);
  }
}
