package io.walsync.cli;

import io.walsync.config.ReplicaConfig;
import java.io.File;

/** The replica a command works on, and how the user named it. */
final class ReplicaSource {

  /** As the user wrote it. */
  final String argument;

  /** Null if the user named the replica itself. */
  final File database;

  final ReplicaConfig replica;

  ReplicaSource(String argument, File database, ReplicaConfig replica) {
    this.argument = argument;
    this.database = database;
    this.replica = replica;
  }
}
