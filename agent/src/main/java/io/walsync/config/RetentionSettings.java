package io.walsync.config;

import io.walsync.history.retention.Policy;
import io.walsync.history.retention.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stays restorable, and whether anything is deleted at all: the section {@code retention}. */
final class RetentionSettings {

  private boolean isEnabled = true;
  private boolean isAsked;
  private Policy policy = Policy.DEFAULT;

  /**
   * @param snapshots all of their sections were read
   * @param isMerged whether there are levels into which files are merged
   */
  void read(Section top, SnapshotSettings snapshots, boolean isMerged) throws ConfigException {
    policy = Policy.litestream(snapshots.retention());
    Value given = snapshots.givenRetention();
    Value value = top.get("retention");
    if (value != null && !value.isMapping()) {
      value.warn(ConfigKeys.V03);
    } else if (value != null) {
      Section section = value.section(ConfigKeys.RETENTION);
      Value enabled = section.get("enabled");
      if (enabled != null) {
        isEnabled = enabled.bool();
      }
      Value keep = section.get("keep");
      if (keep != null) {
        policy = policy(keep);
        given = keep;
      }
      if (given == null && isEnabled) {
        value.warn(
            "without `keep` beside it, or `snapshot.retention`, nothing is promised, and nothing is"
                + " deleted");
      }
    }
    if (given != null && !isMerged) {
      given.warn("`levels` is an empty list, and without levels the agent deletes nothing");
    }
    isAsked = given != null && isMerged;
  }

  private static Policy policy(Value keep) throws ConfigException {
    List<Value> elements = keep.isList() ? keep.list() : Collections.singletonList(keep);
    List<Tier> tiers = new ArrayList<>();
    for (Value element : elements) {
      try {
        tiers.addAll(Policy.parse(element.text()).tiers());
      } catch (IllegalArgumentException e) {
        throw element.error(String.valueOf(e.getMessage()));
      }
    }
    try {
      return Policy.of(tiers);
    } catch (IllegalArgumentException e) {
      throw keep.error(String.valueOf(e.getMessage()));
    }
  }

  boolean isEnabled() {
    return isEnabled;
  }

  /** What the agent deletes by; null if nothing asks it to. */
  @Nullable Policy asked() {
    return isAsked ? policy : null;
  }

  /** What is kept where somebody deletes by hand; by Litestream's key where ours is absent. */
  Policy policy() {
    return policy;
  }
}
