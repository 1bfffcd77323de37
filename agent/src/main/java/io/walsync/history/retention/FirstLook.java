package io.walsync.history.retention;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files a look has found needless; they go if a later look does so too. Of each 24 bytes are
 * kept. Immutable.
 */
final class FirstLook {

  /** Level, min and max TXID of each. */
  private static final int NUMBERS = 3;

  private final long[] numbers;
  private final long endNanos;

  private FirstLook(long[] numbers, long endNanos) {
    this.numbers = numbers;
    this.endNanos = endNanos;
  }

  /**
   * @param gone in the order in which they are to be deleted
   * @param most how many of them are remembered
   * @param endNanos when the look was over, by the monotonic clock
   */
  static FirstLook of(List<LtxFileInfo> gone, int most, long endNanos) {
    long[] numbers = new long[NUMBERS * Math.min(most, gone.size())];
    for (int i = 0; i < numbers.length; i += NUMBERS) {
      LtxFileInfo file = gone.get(i / NUMBERS);
      numbers[i] = file.level();
      numbers[i + 1] = file.minTxid().value();
      numbers[i + 2] = file.maxTxid().value();
    }
    return new FirstLook(numbers, endNanos);
  }

  int size() {
    return numbers.length / NUMBERS;
  }

  /** How long ago it was over, by the monotonic clock, which stands still rather than leaps. */
  long ageNanos(long nowNanos) {
    return nowNanos - endNanos;
  }

  /** What a later look finds needless too. */
  List<LtxFileInfo> both(List<LtxFileInfo> gone) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < numbers.length; i += NUMBERS) {
      Txid min = Txid.of(numbers[i + 1]);
      Txid max = Txid.of(numbers[i + 2]);
      names.add(PruneNote.name(new LtxFileInfo((int) numbers[i], min, max, 0, 0)));
    }
    List<LtxFileInfo> both = new ArrayList<>();
    for (LtxFileInfo file : gone) {
      if (names.contains(PruneNote.name(file))) {
        both.add(file);
      }
    }
    return both;
  }
}
