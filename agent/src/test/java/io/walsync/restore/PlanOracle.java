package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.LtxFileInfo;
import java.util.List;
import java.util.TreeMap;

/** What a plan must come to, found by trying every chain. */
final class PlanOracle {

  private final List<LtxFileInfo> files;
  private final RestoreTarget target;

  /** Files needed from the newest usable snapshot, by the TXID reached. */
  private final TreeMap<Long, Integer> limited;

  private final TreeMap<Long, Integer> whole;

  PlanOracle(List<LtxFileInfo> files, RestoreTarget target) {
    this.files = files;
    this.target = target;
    limited = reachable(true);
    whole = reachable(false);
  }

  long txid() {
    return limited.isEmpty() ? 0 : limited.lastKey();
  }

  int count() {
    return limited.lastEntry().getValue();
  }

  /** The class of the exception, or null if there is a plan. */
  Class<? extends RestoreException> error() {
    if (files.isEmpty()) {
      return NoBackupException.class;
    }
    long wholeTxid = whole.isEmpty() ? 0 : whole.lastKey();
    if (target.txid() != null) {
      if (txid() == target.txid().value()) {
        return null;
      }
      return wholeTxid < target.txid().value() && isAnyBeyond(wholeTxid, false)
          ? BrokenChainException.class
          : TargetNotReachableException.class;
    }
    if (isAnyBeyond(wholeTxid, true)) {
      return BrokenChainException.class;
    }
    if (!limited.isEmpty()) {
      return null;
    }
    return whole.isEmpty() ? BrokenChainException.class : TargetNotReachableException.class;
  }

  private boolean isAnyBeyond(long txid, boolean isLimited) {
    return files.stream()
        .filter(file -> !isLimited || counts(file))
        .anyMatch(file -> file.minTxid().value() > txid + 1);
  }

  private boolean counts(LtxFileInfo file) {
    if (target.txid() != null) {
      return file.maxTxid().value() <= target.txid().value();
    }
    return file.createdMillis() < target.beforeMillis();
  }

  private TreeMap<Long, Integer> reachable(boolean isLimited) {
    TreeMap<Long, Integer> counts = new TreeMap<>();
    long snapshot =
        files.stream()
            .filter(file -> file.level() == 9 && (!isLimited || counts(file)))
            .mapToLong(file -> file.maxTxid().value())
            .max()
            .orElse(0);
    counts.put(snapshot, snapshot == 0 ? 0 : 1);
    for (int round = 0; round < files.size(); round++) {
      for (LtxFileInfo file : files) {
        if (file.level() == 9 || isLimited && !counts(file)) {
          continue;
        }
        for (long from : List.copyOf(counts.keySet())) {
          boolean follows = file.minTxid().value() <= from + 1 && file.maxTxid().value() > from;
          if (follows) {
            counts.merge(file.maxTxid().value(), counts.get(from) + 1, Math::min);
          }
        }
      }
    }
    counts.remove(0L);
    return counts;
  }

  static void checkChain(RestorePlan plan) {
    long reached = 0;
    for (LtxFileInfo file : plan.files()) {
      assertThat(file.minTxid().value()).isLessThanOrEqualTo(reached + 1);
      assertThat(file.maxTxid().value()).isGreaterThan(reached);
      reached = file.maxTxid().value();
    }
  }
}
