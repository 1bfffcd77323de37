package io.walsync.db;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The threads all databases share. */
public interface DbExecutors {

  /** Runs databases: capture, checkpoints, snapshots. A database occupies one thread at a time. */
  ScheduledExecutorService capture();

  /** Runs requests to stores: bounded, so that a slow store cannot take every thread. */
  Executor uploads();
}
