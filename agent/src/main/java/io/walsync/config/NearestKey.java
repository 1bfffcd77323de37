package io.walsync.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known key or option that a misspelt one was probably meant to be. */
public final class NearestKey {

  /** Most edits: keys that differ in more are different keys, however long. */
  private static final int MAX_DISTANCE = 3;

  private NearestKey() {}

  /**
   * @return the known key with the smallest edit distance (insert, delete, replace, swap
   *     neighbours), or null if none is near: at most a third of the key's length, 1 to {@link
   *     #MAX_DISTANCE}
   */
  public static @Nullable String find(String unknown, Collection<String> known) {
    String wanted = unknown.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    int best = Math.max(1, Math.min(wanted.length() / 3, MAX_DISTANCE)) + 1;
    String nearest = null;
    for (String candidate : known) {
      int distance = distance(wanted, candidate);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean isSwap =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (isSwap) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
