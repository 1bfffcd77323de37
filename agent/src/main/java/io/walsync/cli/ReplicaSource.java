package io.walsync.cli;

import io.walsync.config.ReplicaConfig;
import io.walsync.databases.Databases;
import io.walsync.history.retention.Policy;
import io.walsync.ltx.Txid;
import io.walsync.replica.ReplicaException;
import java.io.File;
import org.jspecify.annotations.Nullable;

/** The replica a command works on, and how the user named it. */
final class ReplicaSource {

  /** As the user wrote it. */
  final String argument;

  /** Null if the user named the replica itself. */
  final @Nullable File database;

  final ReplicaConfig replica;

  /** Where the agent keeps what it knows of the replica; null if the user named the replica. */
  final @Nullable File stagingFolder;

  /** What the configuration promises; null if the user named the replica. */
  final @Nullable Policy retention;

  /** Whether what no promise needs may be deleted. */
  final boolean isRetentionEnabled;

  ReplicaSource(String argument, ReplicaConfig replica) {
    this(argument, null, replica, null, null, true);
  }

  ReplicaSource(
      String argument,
      @Nullable File database,
      ReplicaConfig replica,
      @Nullable File stagingFolder,
      @Nullable Policy retention,
      boolean isRetentionEnabled) {
    this.argument = argument;
    this.database = database;
    this.replica = replica;
    this.stagingFolder = stagingFolder;
    this.retention = retention;
    this.isRetentionEnabled = isRetentionEnabled;
  }

  /**
   * @throws ReplicaException if the agent has replicated the database there: then nothing there is
   *     not the same as no backup
   */
  void requireUnknown() throws ReplicaException {
    Txid uploaded =
        stagingFolder == null ? null : Databases.newestUploaded(stagingFolder, replica.url());
    if (uploaded != null) {
      throw new ReplicaException(
          replica.url()
              + " is empty, although the agent has uploaded the database there up to TXID "
              + uploaded
              + ", as "
              + stagingFolder
              + " says: a disk is not mounted, or the replica was deleted. If it was deleted on"
              + " purpose, delete that folder as well",
          true);
    }
  }
}
