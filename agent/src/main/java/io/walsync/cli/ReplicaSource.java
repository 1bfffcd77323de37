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

  /** Where the agent keeps what it knows of the replica; null if the user named the replica. */
  final File stagingFolder;

  ReplicaSource(String argument, ReplicaConfig replica) {
    this(argument, null, replica, null);
  }

  ReplicaSource(String argument, File database, ReplicaConfig replica, File stagingFolder) {
    this.argument = argument;
    this.database = database;
    this.replica = replica;
    this.stagingFolder = stagingFolder;
  }
}
