package io.walsync.restore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Works out one {@link RestorePlan}, or why there is none. */
final class RestorePlanner {

  private static final Comparator<LtxFileInfo> BY_MIN_TXID =
      new Comparator<LtxFileInfo>() {
        @Override
        public int compare(LtxFileInfo a, LtxFileInfo b) {
          return a.minTxid().compareTo(b.minTxid());
        }
      };

  private final String url;
  private final List<LtxFileInfo> files;
  private final RestoreTarget target;

  RestorePlanner(String url, List<LtxFileInfo> files, RestoreTarget target) {
    this.url = url;
    this.target = target;
    this.files = new ArrayList<LtxFileInfo>(files);
    this.files.sort(BY_MIN_TXID);
  }

  RestorePlan plan() throws RestoreException {
    if (files.isEmpty()) {
      throw new NoBackupException(url);
    }
    List<LtxFileInfo> chain = chain(true);
    long reached = reached(chain);
    Txid wanted = target.txid();
    if (wanted != null) {
      if (reached != wanted.value()) {
        throw unreachableTxid(wanted, reached);
      }
    } else if (target.isTime()) {
      checkTime(chain, reached);
    } else {
      checkNothingBeyond(chain, reached, files);
    }
    return new RestorePlan(chain);
  }

  /**
   * The files that reach furthest, oldest first.
   *
   * @param isLimited whether only files up to the target count
   */
  private List<LtxFileInfo> chain(boolean isLimited) {
    List<LtxFileInfo> chain = new ArrayList<LtxFileInfo>();
    LtxFileInfo snapshot = newestSnapshot(isLimited);
    if (snapshot != null) {
      chain.add(snapshot);
    }
    LtxFileInfo best = null;
    int next = 0;
    while (true) {
      long reached = reached(chain);
      for (; next < files.size() && follows(files.get(next), reached); next++) {
        LtxFileInfo candidate = files.get(next);
        if (candidate.level() != LtxFileInfo.LEVEL_SNAPSHOT
            && counts(candidate, isLimited)
            && (best == null || isBetter(candidate, best))) {
          best = candidate;
        }
      }
      if (best == null || ends(best) <= reached) {
        return chain;
      }
      chain.add(best);
    }
  }

  private @Nullable LtxFileInfo newestSnapshot(boolean isLimited) {
    LtxFileInfo newest = null;
    for (LtxFileInfo file : files) {
      if (file.isBase()
          && counts(file, isLimited)
          && (newest == null || ends(file) > ends(newest))) {
        newest = file;
      }
    }
    return newest;
  }

  private boolean counts(LtxFileInfo file, boolean isLimited) {
    if (!isLimited) {
      return true;
    }
    return target.txid() != null
        ? file.maxTxid().compareTo(target.txid()) <= 0
        : target.isLatest() || file.createdMillis() < target.beforeMillis();
  }

  private static boolean isBetter(LtxFileInfo a, LtxFileInfo b) {
    return ends(a) != ends(b) ? ends(a) > ends(b) : a.sizeBytes() < b.sizeBytes();
  }

  private RestoreException unreachableTxid(Txid wanted, long reached) {
    List<LtxFileInfo> whole = chain(false);
    if (reached(whole) < wanted.value()) {
      LtxFileInfo beyond = firstBeyond(reached(whole), files);
      if (beyond != null) {
        return new BrokenChainException(last(whole), beyond);
      }
    }
    Txid after = null;
    for (LtxFileInfo file : files) {
      if (follows(file, reached)
          && file.isUsable()
          && file.maxTxid().compareTo(wanted) > 0
          && (after == null || file.maxTxid().compareTo(after) < 0)) {
        after = file.maxTxid();
      }
    }
    return TargetNotReachableException.txid(wanted, reached == 0 ? null : Txid.of(reached), after);
  }

  /**
   * Fails if a file that is old enough cannot be reached. That is a gap only if no newer file
   * closes it: the TXIDs between may have been compacted into a file that is too new.
   */
  private void checkTime(List<LtxFileInfo> chain, long reached) throws RestoreException {
    List<LtxFileInfo> whole = chain(false);
    List<LtxFileInfo> oldEnough = new ArrayList<LtxFileInfo>();
    for (LtxFileInfo file : files) {
      if (counts(file, true)) {
        oldEnough.add(file);
      }
    }
    checkNothingBeyond(whole, Math.max(reached, reached(whole)), oldEnough);
    if (!chain.isEmpty()) {
      return;
    }
    LtxFileInfo oldest = null;
    for (LtxFileInfo file : files) {
      if (file.minTxid().equals(Txid.FIRST)
          && (oldest == null || file.createdMillis() < oldest.createdMillis())) {
        oldest = file;
      }
    }
    if (oldest == null) {
      throw new BrokenChainException(null, files.get(0));
    }
    throw TargetNotReachableException.time(
        Instant.ofEpochMilli(target.beforeMillis()).toString(),
        oldest.maxTxid(),
        Instant.ofEpochMilli(oldest.createdMillis()).toString());
  }

  private static void checkNothingBeyond(
      List<LtxFileInfo> chain, long reached, List<LtxFileInfo> files) throws RestoreException {
    LtxFileInfo beyond = firstBeyond(reached, files);
    if (beyond != null) {
      throw new BrokenChainException(last(chain), beyond);
    }
  }

  private static @Nullable LtxFileInfo firstBeyond(long reached, List<LtxFileInfo> files) {
    for (LtxFileInfo file : files) {
      if (!follows(file, reached)) {
        return file;
      }
    }
    return null;
  }

  private static @Nullable LtxFileInfo last(List<LtxFileInfo> chain) {
    return chain.isEmpty() ? null : chain.get(chain.size() - 1);
  }

  private static long reached(List<LtxFileInfo> chain) {
    return chain.isEmpty() ? 0 : ends(chain.get(chain.size() - 1));
  }

  /** Whether no TXID is missing between them; nothing follows the last TXID possible. */
  private static boolean follows(LtxFileInfo file, long reached) {
    return file.minTxid().value() - 1 <= reached;
  }

  private static long ends(LtxFileInfo file) {
    return file.maxTxid().value();
  }
}
