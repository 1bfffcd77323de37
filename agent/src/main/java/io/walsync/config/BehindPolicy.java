package io.walsync.config;

/** What to do with a database from which a power cut took commits that the replica has. */
public enum BehindPolicy {
  /** Replicate on from the database. The commits that only the replica has stay there. */
  CONTINUE,
  /** Do not replicate until somebody has decided which of the two counts. */
  REFUSE
}
