package io.walsync.config;

/** Who checkpoints a database. */
public enum Checkpointer {
  /** The agent, off the application's threads; automatic checkpoints of connections are off. */
  AGENT,
  /** The application's own connections, as SQLite does without us. */
  APPLICATION
}
