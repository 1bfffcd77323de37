package io.walsync.db.events;

import io.walsync.io.LogTimes;
import io.walsync.replica.LtxFileInfo;
import java.io.File;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/** What is told of the past of a database. */
final class HistoryLines implements HistoryEvents {

  private final Logger log;
  private final File path;
  private final String replicaUrl;
  private final BooleanSupplier isOutageTold;
  private boolean isNotMergedTold;
  private boolean isNotDeletedTold;

  /**
   * @param isOutageTold whether it was told that the replica cannot be written now
   */
  HistoryLines(Logger log, File path, String replicaUrl, BooleanSupplier isOutageTold) {
    this.log = log;
    this.path = path;
    this.replicaUrl = replicaUrl;
    this.isOutageTold = isOutageTold;
  }

  @Override
  public void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {
    log.debug("{}: merged {} files into {}", path, inputs.size(), output);
  }

  @Override
  public void snapshotMade(List<LtxFileInfo> inputs, LtxFileInfo snapshot) {
    log.info(
        "{}: a snapshot of TXID {} was made of {} files in {}",
        path,
        snapshot.maxTxid(),
        inputs.size(),
        replicaUrl);
  }

  @Override
  public void wrongImage(String reason) {
    log.error(
        "{}: no snapshot was stored: {}. Replication goes on, and the database is as it should be,"
            + " but the replica's newest state is not: verify -all {} says which states are whole,"
            + " and a new replica path begins with a new snapshot of the database",
        path,
        reason,
        replicaUrl);
  }

  @Override
  public void notMergeable(String reason) {
    log.warn(
        "{}: files in {} stay as they are: {}. Every state that could be restored still can be;"
            + " a restore reads more files",
        path,
        replicaUrl,
        reason);
  }

  @Override
  public void notSnapshot(String reason) {
    if (isOutageTold.getAsBoolean()) {
      log.debug("{}: no snapshot while the replica cannot be written: {}", path, reason);
      return;
    }
    log.warn(
        "{}: no snapshot could be made in {}: {}. Replication and merges go on, and every state that"
            + " could be restored still can be; a restore reads more files. Tried again until it"
            + " succeeds",
        path,
        replicaUrl,
        reason);
  }

  @Override
  public void notMerged(String reason) {
    isNotMergedTold = !isOutageTold.getAsBoolean();
    if (!isNotMergedTold) {
      log.debug("{}: nothing is merged while the replica cannot be written: {}", path, reason);
      return;
    }
    log.warn(
        "{}: the files in {} could not be merged: {}. Replication goes on, and every state that"
            + " could be restored still can be; a restore reads more files. Tried again until it"
            + " succeeds",
        path,
        replicaUrl,
        reason);
  }

  @Override
  public void deleted(List<LtxFileInfo> files) {
    log.debug(
        "{}: {} files that no promise needs were deleted from {}", path, files.size(), replicaUrl);
  }

  @Override
  public void notDeleted(String reason) {
    isNotDeletedTold = !isOutageTold.getAsBoolean();
    if (!isNotDeletedTold) {
      log.debug("{}: nothing is deleted while the replica cannot be written: {}", path, reason);
      return;
    }
    log.warn(
        "{}: what no promise needs could not be deleted from {}: {}. Replication goes on, and"
            + " everything that is promised can be restored; the replica grows. Tried again until it"
            + " succeeds",
        path,
        replicaUrl,
        reason);
  }

  @Override
  public void deletesAgain() {
    if (isNotDeletedTold) {
      log.info("{}: what no promise needs is deleted from {} again", path, replicaUrl);
    }
  }

  @Override
  public void deletionHeld(int stateCount, int leftCount, long untilMillis) {
    log.warn(
        "{}: by retention in the configuration, as few as {} of the {} states that can be restored"
            + " from {} would be left. Nothing is deleted before {}: if that is not meant,"
            + " change it until then. prune -dry-run shows what would go",
        path,
        leftCount,
        stateCount,
        replicaUrl,
        LogTimes.text(untilMillis));
  }

  @Override
  public void notToBeDeleted(int fileCount, long bytes) {
    log.info(
        "{}: {} files with {} bytes in {} are not needed for what retention promises; they stay,"
            + " since retention.enabled is false",
        path,
        fileCount,
        bytes,
        replicaUrl);
  }

  @Override
  public void mergesAgain() {
    if (!isNotMergedTold) {
      return;
    }
    log.info("{}: the files in {} are merged again", path, replicaUrl);
  }
}
