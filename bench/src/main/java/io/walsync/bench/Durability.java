package io.walsync.bench;

import io.walsync.bench.wire.Put;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Which commits were in the store when. A commit is there when the first object that holds it, and
 * every object before that one in the order of TXIDs, was acknowledged.
 */
final class Durability {

  private record Step(long micros, long newestCommit) {}

  private final List<Step> steps = new ArrayList<>();

  /**
   * @param puts the increments of one database
   * @param newestCommit in an object; {@code CommitMark.NONE} where there is none
   */
  Durability(List<Put> puts, ToLongFunction<Put> newestCommit) {
    long micros = 0;
    long newest = -1;
    for (Put put : puts.stream().sorted(Comparator.comparingLong(Put::maxTxid)).toList()) {
      micros = Math.max(micros, put.acknowledgedMicros());
      newest = Math.max(newest, newestCommit.applyAsLong(put));
      steps.add(new Step(micros, newest));
    }
  }

  /** When a commit and all before it were in the store; {@link Long#MAX_VALUE} if never. */
  long micros(long commit) {
    int low = 0;
    int high = steps.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (steps.get(middle).newestCommit >= commit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == steps.size() ? Long.MAX_VALUE : steps.get(low).micros;
  }

  /** The newest commit that was in the store then; 0 if none was. */
  long newestAt(long micros) {
    long newest = 0;
    for (Step step : steps) {
      if (step.micros <= micros) {
        newest = Math.max(newest, step.newestCommit);
      }
    }
    return newest;
  }

  /** The newest commit that ever was; 0 if none was. */
  long newest() {
    return newestAt(Long.MAX_VALUE);
  }
}
