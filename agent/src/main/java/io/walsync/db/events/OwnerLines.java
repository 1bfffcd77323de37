package io.walsync.db.events;

import io.walsync.io.Reason;
import java.io.IOException;
import org.slf4j.Logger;

/** What is told of the owner of a replica. */
final class OwnerLines {

  private OwnerLines() {}

  /**
   * @param path of the database
   */
  static void tookOver(Logger log, Object path, String replicaUrl, String predecessor) {
    log.info(
        "{}: took {} over from {}, which uploads nothing more if it still runs",
        path,
        replicaUrl,
        predecessor);
  }

  /**
   * @param path of the database
   */
  static void unknown(Logger log, Object path, String replicaUrl, IOException reason) {
    log.warn(
        "{}: who owns {} cannot be said there: {}. Replication goes on, and a second writer is"
            + " noticed by its files alone. Give the {} the right to read and write"
            + " walsync/owner.json below the replica",
        path,
        replicaUrl,
        Reason.of(reason),
        replicaUrl.startsWith("file:") ? "user of this process" : "keys");
  }
}
