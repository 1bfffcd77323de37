package io.walsync.config;

/**
 * Whether the application's connections keep SQLite's automatic checkpoints. The agent checkpoints
 * either way.
 */
public enum Checkpointer {
  /** Only the agent checkpoints: connections that have not set {@code wal_autocheckpoint} get 0. */
  AGENT,
  /** The connections keep their automatic checkpoints, as without the agent. */
  APPLICATION
}
