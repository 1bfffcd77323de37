package io.walsync.config;

/** The kinds of store that Walsync can write. */
public enum ReplicaType {
  /** A directory. */
  FILE,
  /** Amazon S3 or a store that speaks its protocol. */
  S3
}
