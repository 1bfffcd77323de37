package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times at which the states of a replica were committed, corrected where they cannot be true. A
 * file carries the time of its writer's clock. If that lies in the future, the clock was ahead, and
 * the time at which the store received the file is used instead. No file counts as younger than a
 * file after it.
 *
 * <p>A time in the past is believed even if the store disagrees: of two clocks nobody knows which
 * was wrong, and a state that is older than the moment asked for does less harm than a younger one.
 */
final class ReplicaTimes {

  /** Clocks that differ by no more than this count as equal. */
  static final long AGREEMENT_MILLIS = 60_000;

  private static final Comparator<LtxFileInfo> NEWEST_FIRST =
      Comparator.comparing(LtxFileInfo::maxTxid).reversed();

  private final List<LtxFileInfo> listed;
  private final List<LtxFileInfo> believed;

  /**
   * @param listed with exact times
   * @param nowMillis by the clock of this machine
   */
  ReplicaTimes(List<LtxFileInfo> listed, long nowMillis) {
    this.listed = new ArrayList<LtxFileInfo>(listed);
    this.listed.sort(NEWEST_FIRST);
    this.believed = new ArrayList<LtxFileInfo>(listed.size());
    long bound = Long.MAX_VALUE;
    for (LtxFileInfo file : this.listed) {
      if (file.createdMillis() > nowMillis) {
        bound = Math.min(bound, file.storedMillis());
      }
      long time = Math.min(file.createdMillis(), bound);
      believed.add(time == file.createdMillis() ? file : file.withCreatedMillis(time));
    }
  }

  /** The files with the corrected times. */
  List<LtxFileInfo> believed() {
    return new ArrayList<LtxFileInfo>(believed);
  }

  /** The doubtful times around a plan for a moment; null if there are none. */
  @SuppressWarnings("ReferenceEquality") // a file with another time is another object
  @Nullable ClockDoubt doubt(RestorePlan plan, RestoreTarget target) {
    LtxFileInfo leftOut = null;
    LtxFileInfo taken = null;
    for (int i = 0; i < listed.size(); i++) {
      LtxFileInfo file = listed.get(i);
      boolean isBeyond = file.maxTxid().compareTo(plan.txid()) > 0;
      if (isBeyond && leftOut == null && isInTimeForTheStore(file, target)) {
        leftOut = file;
      }
      if (believed.get(i) == plan.newest() && file != plan.newest()) {
        taken = file;
      }
    }
    return taken == null && leftOut == null
        ? null
        : new ClockDoubt(taken, plan.newest().createdMillis(), leftOut);
  }

  private static boolean isInTimeForTheStore(LtxFileInfo file, RestoreTarget target) {
    return file.storedMillis() < target.beforeMillis()
        && file.createdMillis() - file.storedMillis() > AGREEMENT_MILLIS;
  }
}
