package io.walsync.db.history;

import io.walsync.history.retention.Prune;
import io.walsync.history.retention.RefusedException;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A listing of a replica without a request for each file. A state's time is what this process has
 * stored it with; of files of an earlier process up to {@value #MOST_READ} headers are read, the
 * oldest first, and what they say is kept until the file is gone. A state of which nothing is known
 * yet is told to be so. Where a listing says all without further requests, it is asked to.
 *
 * <p>The time by which the store has had a file is that of the listing, a second later, since
 * stores cut it.
 */
final class TimedListing implements Prune.Listing {

  /** Headers that are read in one pass, a request each. */
  static final int MOST_READ = 500;

  private static final long TIME_UNIT_MILLIS = 1_000;

  private final ReplicaClient client;
  private final CommitTimes times;
  private final int most;
  private final Set<Long> untimed = new HashSet<>();
  private int readCount;

  /**
   * @param most files that there may be
   */
  TimedListing(ReplicaClient client, CommitTimes times, int most) {
    this.client = client;
    this.times = times;
    this.most = most;
  }

  @Override
  public List<LtxFileInfo> files() throws IOException {
    boolean isExact = client.isOwnerNear();
    List<LtxFileInfo> listed = new ArrayList<>();
    for (int level : LtxFileInfo.levels()) {
      listed.addAll(client.list(level, Txid.FIRST, isExact));
      requireFew(listed.size(), most);
    }
    if (isExact) {
      times.clear();
      return listed;
    }
    long[] ends = listed.stream().mapToLong(file -> file.maxTxid().value()).sorted().toArray();
    if (ends.length > 0) {
      times.retain(ends, ends[ends.length - 1]);
    }
    Set<LtxFileInfo> missing = read(listed);
    List<LtxFileInfo> files = new ArrayList<>(listed.size());
    for (LtxFileInfo file : listed) {
      if (!missing.contains(file)) {
        files.add(timed(file));
      }
    }
    return files;
  }

  /**
   * @throws RefusedException if there are too many
   */
  static void requireFew(long count, int most) throws RefusedException {
    if (count > most) {
      throw RefusedException.tooMany(count, most);
    }
  }

  /** Returns the files that have gone since they were listed. */
  private Set<LtxFileInfo> read(List<LtxFileInfo> listed) throws IOException {
    List<LtxFileInfo> unknown = new ArrayList<>();
    for (LtxFileInfo file : listed) {
      if (times.of(file.maxTxid().value()) == CommitTimes.UNKNOWN) {
        unknown.add(file);
      }
    }
    unknown.sort((one, other) -> one.maxTxid().compareTo(other.maxTxid()));
    Set<LtxFileInfo> missing = new HashSet<>();
    for (LtxFileInfo file : unknown) {
      long txid = file.maxTxid().value();
      if (readCount < MOST_READ && times.of(txid) == CommitTimes.UNKNOWN) {
        readCount++;
        try {
          times.note(txid, ReplicaFiles.header(client, file).timestampMillis());
        } catch (LtxFileMissingException gone) {
          missing.add(file);
        } catch (LtxFormatException | EOFException damaged) {
          continue; // it stays; a restore that needs it says so
        }
      }
    }
    return missing;
  }

  private LtxFileInfo timed(LtxFileInfo file) {
    LtxFileInfo stored = file.withStoredMillis(file.createdMillis() + TIME_UNIT_MILLIS);
    long millis = times.of(file.maxTxid().value());
    if (millis == CommitTimes.UNKNOWN) {
      untimed.add(file.maxTxid().value());
      return stored;
    }
    return stored.withCreatedMillis(millis);
  }

  @Override
  public boolean isTimed(long txid) {
    return untimed.isEmpty() || !untimed.contains(txid);
  }
}
