package io.walsync.db;

import io.walsync.host.Host;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What all databases of the process share: threads, and what is known of the host. */
public interface DbExecutors {

  /** Runs databases: capture, checkpoints, snapshots. A database occupies one thread at a time. */
  ScheduledExecutorService capture();

  /** Runs requests to stores: bounded, so that a slow store cannot take every thread. */
  Executor uploads();

  /** What is known of the process and the machine. */
  Host host();
}
