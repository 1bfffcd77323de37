package io.walsync.config;

/** What to do with a database from which a power cut took commits that the replica has. */
public enum BehindPolicy {
  /** Go on from the database; what only the replica has stays there. */
  CONTINUE,
  /** Do not replicate until somebody has decided. */
  REFUSE
}
