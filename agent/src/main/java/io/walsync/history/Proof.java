package io.walsync.history;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Proves that states of a replica can be restored, and that they are what was committed. It fetches
 * and checks the same files as a restore, and writes nothing.
 *
 * <p>Threading: one thread.
 */
public final class Proof {

  /**
   * How often the replica is listed again because a file was deleted between listing and reading.
   * After that the proof fails.
   */
  private static final int MAX_RELISTINGS = 3;

  private final ReplicaClient client;
  private final Restore restore;

  public Proof(ReplicaClient client, Restore restore) {
    this.client = client;
    this.restore = restore;
  }

  /**
   * Checks that all files of a state are listed, and counts those without a recorded SHA-256. Reads
   * no content; costs one request a file.
   *
   * @throws RestoreException if there is no such state, or files are missing
   * @throws IOException if the replica could not be read, which proves nothing
   */
  public ProvedState ledger(RestoreTarget target) throws IOException {
    for (int relistings = 0; ; relistings++) {
      RestorePlan plan = restore.plan(target);
      try {
        int unrecorded = 0;
        for (LtxFileInfo file : plan.files()) {
          unrecorded += client.recordedSha256(file) == null ? 1 : 0;
        }
        return ProvedState.listed(plan, unrecorded);
      } catch (LtxFileMissingException e) {
        giveUpAfter(relistings, e);
      }
    }
  }

  /**
   * Reads all files of a state. Checks that every page is intact and, if a checksum was recorded at
   * the commit, that the database is the one that was committed.
   *
   * @throws ContentException if it is another one
   * @throws RestoreException if there is no such state, or a file is missing or damaged
   * @throws IOException if the replica could not be read, which proves nothing
   */
  public ProvedState stream(RestoreTarget target) throws IOException {
    for (int relistings = 0; ; relistings++) {
      try {
        return own(restore.plan(target), target);
      } catch (LtxFileMissingException e) {
        giveUpAfter(relistings, e);
      }
    }
  }

  /** As a restore does it: where the files make another database, from an older base. */
  private ProvedState own(RestorePlan plan, RestoreTarget target) throws IOException {
    try {
      return streamed(plan);
    } catch (ContentException e) {
      RestorePlan other = restore.otherWay(plan, target);
      if (other == null) {
        throw e;
      }
      return own(other, target);
    }
  }

  private ProvedState streamed(RestorePlan plan) throws IOException {
    return compared(restore.prove(plan));
  }

  /**
   * Compares what came out of a restore with what was recorded.
   *
   * @throws ContentException if it is another database
   */
  public ProvedState compared(RestoreResult result) throws IOException {
    long recorded = client.recordedDatabaseChecksum(result.plan().newest());
    if (recorded != 0 && recorded != result.checksum()) {
      throw new ContentException(result, recorded);
    }
    return ProvedState.read(result, recorded != 0);
  }

  private static void giveUpAfter(int relistings, LtxFileMissingException cause)
      throws RestoreException {
    if (relistings == MAX_RELISTINGS) {
      throw new RestoreException("files vanish faster than they can be read", cause);
    }
  }

  /** Called by {@link #all} once for each state that was proved or failed, in any order. */
  public interface Findings {

    void proved(ProvedState state);

    /** Whether the database's checksum at the end of a file that was read is recorded. */
    default void recorded(LtxFileInfo file, boolean isRecorded) {}

    /**
     * @param txid of the state that cannot be restored
     */
    void failed(Txid txid, RestoreException reason);
  }

  /**
   * As {@link #stream}, for several states, newest first: as few as it takes to read every file
   * that any state is restored from. The states on the way are compared as well; for that, the
   * files are read once more.
   *
   * @return what can be restored, before content is looked at
   * @throws NoBackupException if the replica is empty
   */
  public Timeline all(Findings findings) throws IOException {
    List<LtxFileInfo> files = restore.files(false);
    if (files.isEmpty()) {
      throw new NoBackupException(client.url());
    }
    Timeline timeline = Timeline.of(files);
    List<Timeline.Point> points = timeline.points();
    // Ends of the files read so far: a state that ends with one of them is proved by a newer state.
    Set<Txid> ends = new HashSet<>();
    for (int i = points.size() - 1; i >= 0; i--) {
      Txid txid = points.get(i).txid();
      if (!ends.contains(txid)) {
        RestorePlan plan = RestorePlan.of(client.url(), files, RestoreTarget.at(txid));
        for (LtxFileInfo file : plan.files()) {
          ends.add(file.maxTxid());
        }
        if (isWhole(plan, findings) && plan.files().size() > 1) {
          new StateWalk(client).run(plan, findings);
        }
      }
    }
    return timeline;
  }

  /** Proves the newest state of a plan; returns whether its files are whole. */
  private boolean isWhole(RestorePlan plan, Findings findings) throws IOException {
    try {
      ProvedState state = streamed(plan);
      findings.proved(state);
      findings.recorded(plan.newest(), state.isChecksumRecorded());
      return true;
    } catch (ContentException e) {
      findings.failed(plan.txid(), e);
      return true;
    } catch (RestoreException e) {
      findings.failed(plan.txid(), e);
      return false;
    }
  }

  /** What can be restored, before content is looked at. */
  public Timeline timeline() throws IOException {
    return Timeline.of(restore.files(false));
  }
}
