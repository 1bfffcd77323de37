package io.walsync.db.events;

import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;

/**
 * What happens to one replicated database, as calls with values: each is made once where something
 * changes, never for each commit or each retry. A listener is told what it cannot know; it
 * remembers for itself only what its own telling needs. Every method does nothing unless it is
 * overridden.
 *
 * <p>TXIDs are numbers, 0 for none. Times are milliseconds since the epoch.
 *
 * <p>Threading: the database's thread, one call at a time, except for {@link #twoDrivers}, {@link
 * #unsupportedDriver} and {@link #replaced}, which come on any thread, and {@link #rebuilding},
 * which comes on an upload thread. A listener returns soon, fails with nothing, and calls nobody
 * back.
 */
public interface DbEvents {

  /** Hears everything and does nothing. */
  DbEvents NONE = new DbEvents() {};

  // ---- its past

  /** Told of what becomes of the files in the replica. */
  default HistoryEvents history() {
    return HistoryEvents.NONE;
  }

  // ---- reasons

  /** Whether the words for {@link #decided} are worth making. */
  default boolean wantsDecisions() {
    return false;
  }

  /**
   * Why the agent did what it did; at most a few times a second.
   *
   * @param why in words
   */
  default void decided(Decision decision, String why) {}

  // ---- state

  /**
   * @param reason in words, or what was thrown
   * @param nanos for how long it was in the state that it has left
   */
  default void stateChanged(Enum<?> left, Enum<?> entered, Object reason, long nanos) {}

  /** A change of state that the agent should never make. */
  default void impossibleChange(String change) {}

  // ---- capture

  /** Capture has begun, for the first time in this process. */
  default void replicating(long uploadedTxid) {}

  /** Capture has begun beside one connection that keeps the database to itself. */
  default void followingAlone() {}

  /**
   * After {@link #suspended} or {@link #leftToAnother}.
   *
   * @param sinceMillis when that began
   */
  default void replicatingAgain(long sinceMillis) {}

  /**
   * The database cannot be captured; it is tried again and again.
   *
   * @param sinceMillis from when on commits are not in the store
   */
  default void suspended(Throwable cause, long sinceMillis, long uploadedTxid) {}

  /** Another process has the staging folder, and replicates the database. */
  default void leftToAnother(String reason) {}

  /** Replication ends here, until the application is started anew. */
  default void refused(Refusal refusal) {}

  /** A journal mode other than WAL was changed to WAL by the agent. */
  default void switchedToWal() {}

  /** The whole database is compared, because commits may have been missed. */
  default void resynchronising(String reason) {}

  /** A comparison has found pages that are not as the replica has them. */
  default void differenceStaged(int changedPageCount, int pageCount) {}

  /**
   * Something failed that costs nothing but the next try.
   *
   * @param doing what was under way, for a line of the log
   */
  default void failedInPassing(String doing, Throwable cause) {}

  // ---- the database file and its driver

  /** The application has deleted the database, and with it what waited for upload in a folder. */
  default void vanished(File folder) {}

  /** Another file stands at the path, or none; the application goes on with the old one. */
  default void replaced(int connectionCount) {}

  default void unsupportedDriver(Exception cause) {}

  default void twoDrivers() {}

  /**
   * @param kind of the file system on which the database lies
   */
  default void sharedFileSystem(String kind) {}

  /** The application's SQLite has the WAL-reset bug. */
  default void walResetBug(String sqliteVersion) {}

  /**
   * The last commit is not replicated, since it is not known whether it counts.
   *
   * @param why what has to happen for that to be known
   */
  default void inDoubt(String why) {}

  /** After {@link #inDoubt}. */
  default void doubtEnded() {}

  default void fileLockLost(boolean isRestored) {}

  default void shmLockLost() {}

  /** Another process has removed the WAL under the connections of this one. */
  default void walRemoved() {}

  // ---- the staging folder

  default void localStateDamaged(String damage) {}

  /** After {@link #stagingFull}. */
  default void stagingHasRoom(File folder) {}

  /**
   * From now on the WAL is not checkpointed.
   *
   * @param isTotal whether it is all databases together that have reached the bound
   */
  default void stagingFull(File folder, long boundBytes, boolean isTotal, long uploadedTxid) {}

  /** The clock is behind the newest state; new states carry that one's time meanwhile. */
  default void clockBehind(long nowMillis, long newestMillis) {}

  /** After {@link #clockBehind}. */
  default void clockCaughtUp(long newestMillis) {}

  // ---- the replica

  /** A snapshot is in the store. */
  default void restorable() {}

  /**
   * Requests to the store fail.
   *
   * @param isCapturing whether there is local state, without which nothing is captured
   * @param unstoredMillis since when commits wait for the store
   */
  default void storeUnreachable(
      IOException failure, boolean isCapturing, long unstoredMillis, long uploadedTxid) {}

  /** A request has not been answered for long. */
  default void storeSilent(long nanos, long unstoredMillis, long uploadedTxid) {}

  /** After {@link #storeUnreachable} or {@link #storeSilent}. */
  default void storeReachable(long stagedBytes) {}

  /**
   * The replica ends before what was uploaded.
   *
   * @param place where it was when it was last written; empty if unknown
   */
  default void replicaLostFiles(long newestTxid, long uploadedTxid, String place) {}

  /**
   * A new replica begins although there was one before.
   *
   * @param emptiness why it is not sure that the replica is empty
   */
  default void beginningInDoubt(String emptiness) {}

  /** Files are missing that a restore of the newest state needs. */
  default void notRestorable(IOException gap, long newestTxid) {}

  /** The newest state could not be read back for lack of local state. */
  default void notReadBack(IOException failure, long newestTxid) {}

  /** Whether the newest state can still be restored could not be found out. */
  default void notListed(IOException failure) {}

  /** For lack of local state the replica is read. */
  default void rebuilding(Txid newestTxid) {}

  /** A power cut has taken commits that only the replica has. */
  default void cutOff(long txid, long newestTxid) {}

  /** Nothing tells whether the database comes from what the replica has after this TXID. */
  default void lineUndecided(long txid, long newestTxid) {}

  /** The replica holds what was believed, or has been read back: replication goes on from there. */
  default void replicaKnown(long newestTxid) {}

  /** The application has put an older state in the place of its database. */
  default void replacedByOlder(long txid, long newestTxid) {}

  /** A restore has put an older state in place to go on from it. */
  default void goesBack(long txid, long newestTxid) {}

  /** The replica was somebody else's, who is fenced now. */
  default void tookOver(String predecessor) {}

  /** It cannot be said or found out who owns the replica. */
  default void ownerUnknown(IOException reason) {}

  /** The replica has more than the local state knows of. */
  default void replicaAhead(long newestTxid, long sealedTxid) {}
}
