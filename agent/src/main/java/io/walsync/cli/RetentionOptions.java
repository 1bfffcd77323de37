package io.walsync.cli;

import io.walsync.config.GoDuration;
import io.walsync.history.retention.Policy;
import io.walsync.history.retention.Prune;
import io.walsync.io.Clock;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a prune is told by the command line and the configuration. */
final class RetentionOptions {

  private RetentionOptions() {}

  /**
   * @param configured what the configuration has; null if there is none
   */
  static Policy policy(Arguments arguments, @Nullable Policy configured) throws UsageException {
    String given = arguments.text("keep");
    if (given != null) {
      try {
        return Policy.parse(given);
      } catch (IllegalArgumentException e) {
        throw new UsageException("-keep: " + e.getMessage());
      }
    }
    if (configured == null) {
      throw new UsageException(
          "say what to keep, such as -keep \"1h every commit, 24h every 30s, 7d every 1h, 1y every"
              + " month\"; for a database in the configuration, `retention.keep` there says it");
    }
    return configured;
  }

  /** How old a file must be, and for how long it must have been needless; milliseconds. */
  static long graceMillis(Arguments arguments) throws UsageException {
    String given = arguments.text("grace");
    if (given == null) {
      return Prune.GRACE_MILLIS;
    }
    try {
      long millis = GoDuration.parse(given).toMillis();
      if (millis < Prune.GRACE_MILLIS && !arguments.isForced()) {
        throw new UsageException(
            "-grace: a writer or a restore that began before may need what goes; less than 10m only"
                + " with -force, where nothing else will ever write or restore this replica");
      }
      return millis;
    } catch (IllegalArgumentException e) {
      throw new UsageException("-grace: " + given + " " + e.getMessage());
    }
  }

  static Prune prune(Arguments arguments, ReplicaClient client, Policy policy, Restore restore)
      throws UsageException {
    long graceMillis = graceMillis(arguments);
    Prune.OwnerWatch watch = files -> owner(client, files, graceMillis);
    return new Prune(client, restore, policy, graceMillis, watch, Clock.SYSTEM);
  }

  /** By when the store had the newest file, which a backlog has later than its commit. */
  private static @Nullable String owner(
      ReplicaClient client, List<LtxFileInfo> files, long graceMillis) throws IOException {
    List<LtxFileInfo> stored = new ArrayList<>();
    for (LtxFileInfo file : files) {
      boolean isLater =
          file.storedMillis() != Long.MAX_VALUE && file.storedMillis() > file.createdMillis();
      stored.add(isLater ? file.withCreatedMillis(file.storedMillis()) : file);
    }
    return new LiveOwner(Math.min(LiveOwner.QUIET_MILLIS, graceMillis)).of(client, stored);
  }

  static Restore restore(ReplicaClient client, Console console) {
    return new Restore(client, RestoreOptions.defaults(), new ForeignNotice(console));
  }
}
