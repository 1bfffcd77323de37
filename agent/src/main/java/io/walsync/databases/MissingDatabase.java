package io.walsync.databases;

import io.walsync.config.ReplicaConfig;
import io.walsync.db.upload.Takeover;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import io.walsync.restore.TargetBusyException;
import io.walsync.restore.TargetRefusedException;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database that is missing: finds out whether it can be restored, takes its replica over, and
 * restores it.
 *
 * <p>Threading: one thread, of the agent's.
 */
final class MissingDatabase {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  /** A predecessor that uploads as often as it may is met once or twice. */
  private static final int MOST_CHASES = 5;

  private static final long LOOK_AGAIN_MILLIS = 100;

  /** Opens the client of a replica. */
  interface Client {
    ReplicaClient of(ReplicaConfig replica) throws IOException;
  }

  private final File file;
  private final ReplicaConfig replica;
  private final File stagingFolder;
  private final Client opener;

  MissingDatabase(File file, ReplicaConfig replica, File stagingFolder, Client opener) {
    this.file = file;
    this.replica = replica;
    this.stagingFolder = stagingFolder;
    this.opener = opener;
  }

  /**
   * Returns when the file is there, or when nothing was ever replicated.
   *
   * @throws IOException if it could not be restored, or it is not known whether it could be
   */
  void restore() throws IOException, InterruptedException {
    LOG.info(
        "{}: is missing; a backup is looked for in {} before it is opened", file, replica.url());
    // Never closed: what it holds is shared by all databases of its bucket.
    ReplicaClient client = opener.of(replica);
    boolean isWaiting = false;
    while (file.length() == 0) {
      try {
        restore(client);
        return;
      } catch (TargetBusyException e) {
        if (!isWaiting) {
          LOG.info("{}: waits: {}", file, Reason.of(e));
        }
        isWaiting = true;
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      } catch (TargetRefusedException e) {
        if (file.length() == 0) {
          throw e;
        }
      } catch (NoBackupException e) {
        requireNeverReplicated(client);
        LOG.info(
            "{}: there is no backup in {}, so it begins anew; if there should be one, its path is wrong",
            file,
            replica.url());
        return;
      }
    }
  }

  private void restore(ReplicaClient client) throws IOException {
    RestoreLines lines = new RestoreLines(file, replica.url());
    RestoreOptions options = RestoreOptions.defaults().withMissingTarget().withChecksum(true);
    Restore restore = new Restore(client, options, lines);
    RestoreResult result =
        restore.run(RestoreTarget.latest(), file, () -> takeOver(client, restore));
    lines.restored(result);
    try {
      RestoredState.of(replica.url(), result).write(file);
    } catch (IOException e) {
      LOG.info(
          "{}: what was restored could not be noted beside it ({}): the replica is read back",
          file,
          Reason.of(e));
    }
  }

  /** Once nobody else restores to this file: it would take the replica over from us. */
  private void takeOver(ReplicaClient client, Restore restore) throws IOException {
    for (int chase = 0; chase <= MOST_CHASES; chase++) {
      Takeover takeover = new Takeover(client, Clock.SYSTEM);
      takeover.look();
      RestorePlan plan = restore.plan(RestoreTarget.latest());
      if (takeover.takeOver(plan.newest())) {
        String predecessor = takeover.predecessor();
        if (predecessor != null) {
          LOG.info("{}: took {} over from {}", file, replica.url(), predecessor);
        }
        return;
      }
    }
    throw new RestoreException(
        "somebody else uploads there all the time; two processes must not write one replica");
  }

  private static OwnerObject owner(ReplicaClient client) throws IOException {
    try {
      return client.owner();
    } catch (ReplicaException e) {
      if (e.isPermanent()) {
        return OwnerObject.NONE; // there is no right to say who owns it
      }
      throw e;
    }
  }

  private void requireNeverReplicated(ReplicaClient client) throws IOException {
    OwnerObject owner = owner(client);
    if (owner.isThere()) {
      throw new ReplicaException(
          "the replica has no file, although "
              + owner.owner().describe()
              + " has written it: its files were deleted. If that was on purpose, delete"
              + " walsync/owner.json there as well",
          true);
    }
    Txid uploaded = Databases.newestUploaded(stagingFolder, replica.url());
    if (uploaded != null) {
      throw new ReplicaException(
          "the replica is empty, although the database was uploaded there up to TXID "
              + uploaded
              + ", as "
              + stagingFolder
              + " says: a disk is not mounted, or the replica was deleted. If it was deleted on"
              + " purpose, delete that folder as well",
          true);
    }
  }
}
