package io.walsync.bench.lab;

import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.List;

/**
 * What a contender is given to do: replicate these databases there.
 *
 * @param folder of the databases, and of whatever the contender needs
 * @param prefix of the keys; the replica of a database is below {@code prefix/database}
 * @param databases names without {@code .db}
 * @param syncInterval such as {@code 10ms}; null for the contender's default
 */
public record Task(
    Path folder, WiredServer server, String prefix, List<String> databases, String syncInterval) {

  public Path database(String name) {
    return folder.resolve(name + ".db");
  }

  public String replicaPath(String database) {
    return prefix + "/" + database;
  }

  /** Through the wire. */
  public BucketReplica replica(String database) {
    return new BucketReplica(server, replicaPath(database));
  }

  /** Past the wire, for the harness's own reading. */
  public BucketReplica hiddenReplica(String database) {
    return new BucketReplica(server.behind(), replicaPath(database));
  }

  /** Further lines below {@code replica:} in a configuration. */
  public String[] replicaSettings() {
    return syncInterval == null ? new String[0] : new String[] {"sync-interval: " + syncInterval};
  }

  /** Removes the folder. */
  public void clear() {
    Folders.delete(folder);
  }
}
