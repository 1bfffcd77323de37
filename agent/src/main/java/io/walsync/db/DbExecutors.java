package io.walsync.db;

import io.walsync.io.AgentThreads;
import java.util.concurrent.Executor;

/** The threads all databases share. */
public interface DbExecutors {

  /** Runs databases: capture, checkpoints, snapshots. A database occupies one thread at a time. */
  AgentThreads capture();

  /** Runs requests to stores: bounded, so that a slow store cannot take every thread. */
  Executor uploads();
}
