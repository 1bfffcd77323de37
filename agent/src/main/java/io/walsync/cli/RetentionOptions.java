package io.walsync.cli;

import io.walsync.history.retention.Policy;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
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

  static Restore restore(ReplicaClient client, Console console) {
    return new Restore(client, RestoreOptions.defaults(), new ForeignNotice(console));
  }
}
