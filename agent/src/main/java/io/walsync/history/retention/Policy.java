package io.walsync.history.retention;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What stays restorable: each tier by itself, all of them from now on backwards, so that a coarse
 * one has its states already when a fine one ends. Immutable.
 */
public final class Policy {

  /** More are a mistake. */
  public static final int MAX_TIERS = 16;

  private static final Duration LITESTREAM_L0_RETENTION = Duration.ofMinutes(5);
  private static final Duration LITESTREAM_L1 = Duration.ofSeconds(30);

  /** What Litestream keeps by default, without the hours that its window shrinks by. */
  public static final Policy DEFAULT = litestream(Duration.ofHours(24));

  private final List<Tier> tiers;

  private Policy(List<Tier> tiers) {
    this.tiers = Collections.unmodifiableList(new ArrayList<>(tiers));
  }

  /**
   * @throws IllegalArgumentException if there is none, or more than {@link #MAX_TIERS}
   */
  public static Policy of(List<Tier> tiers) {
    if (tiers.isEmpty() || tiers.size() > MAX_TIERS) {
      throw new IllegalArgumentException("must have 1 to " + MAX_TIERS + " promises");
    }
    return new Policy(tiers);
  }

  /**
   * @param text tiers with commas between, such as {@code 1h every commit, 24h every 30s}
   * @throws IllegalArgumentException with the text of the wrong one
   */
  public static Policy parse(String text) {
    List<Tier> tiers = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      try {
        tiers.add(Tier.parse(each));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("\"" + each.trim() + "\" " + e.getMessage(), e);
      }
    }
    return of(tiers);
  }

  /**
   * What Litestream's keys mean: its levels are as fine as that.
   *
   * @param retention how far back, at least 1 s
   */
  public static Policy litestream(Duration retention) {
    long seconds = Math.max(1, retention.getSeconds());
    long commits = Math.min(seconds, LITESTREAM_L0_RETENTION.getSeconds());
    long every = Math.min(seconds, LITESTREAM_L1.getSeconds());
    return new Policy(
        Arrays.asList(
            Tier.parse(commits + "s every commit"),
            Tier.parse(seconds + "s every " + every + "s")));
  }

  public List<Tier> tiers() {
    return tiers;
  }

  /** As {@link #parse} takes it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Tier tier : tiers) {
      text.append(text.length() == 0 ? "" : ", ").append(tier);
    }
    return text.toString();
  }
}
