package io.walsync.db.lineage;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestorePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the files that show most states of a replica: the oldest snapshot, then always the
 * smallest step. A restore wants the fewest files; here every TXID counts, since a database can
 * have been left at any.
 */
final class HistorySteps {

  private static final Comparator<LtxFileInfo> BY_MIN = Comparator.comparing(LtxFileInfo::minTxid);

  private static final Comparator<LtxFileInfo> BY_MAX =
      Comparator.comparing(LtxFileInfo::maxTxid)
          .thenComparing(LtxFileInfo::minTxid, Comparator.reverseOrder())
          .thenComparing(LtxFileInfo::sizeBytes);

  private final List<LtxFileInfo> steps = new ArrayList<>();
  private final List<LtxFileInfo> snapshots = new ArrayList<>();
  private final List<LtxFileInfo> others = new ArrayList<>();
  private final PriorityQueue<LtxFileInfo> reachable = new PriorityQueue<>(BY_MAX);
  private int nextOther;
  private long reached;

  private HistorySteps(List<LtxFileInfo> files) {
    for (LtxFileInfo file : files) {
      if (file.minTxid().equals(Txid.FIRST)) {
        snapshots.add(file);
      } else if (file.level() != LtxFileInfo.LEVEL_SNAPSHOT) {
        others.add(file);
      }
    }
    snapshots.sort(BY_MAX);
    others.sort(BY_MIN);
  }

  /**
   * @param latest the files that a restore of the newest state reads
   * @return oldest first; each can be applied after those before it
   */
  static List<LtxFileInfo> of(List<LtxFileInfo> files, RestorePlan latest) {
    HistorySteps found = new HistorySteps(files);
    long newest = latest.txid().value();
    while (found.reached < newest) {
      LtxFileInfo step = found.next();
      if (step == null || step.maxTxid().value() > newest) {
        return latest.files();
      }
      found.steps.add(step);
      found.reached = step.maxTxid().value();
    }
    return found.steps;
  }

  private @Nullable LtxFileInfo next() {
    for (; nextOther < others.size(); nextOther++) {
      LtxFileInfo other = others.get(nextOther);
      if (other.minTxid().value() > reached + 1) {
        break;
      }
      reachable.add(other);
    }
    while (!reachable.isEmpty() && reachable.peek().maxTxid().value() <= reached) {
      reachable.remove();
    }
    if (reached > 0 && !reachable.isEmpty()) {
      return reachable.peek();
    }
    for (LtxFileInfo snapshot : snapshots) {
      if (snapshot.maxTxid().value() > reached) {
        return snapshot;
      }
    }
    return null;
  }
}
