package io.walsync.config;

import io.walsync.history.retention.Policy;
import io.walsync.history.retention.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stays restorable, and whether anything is deleted at all: the section {@code retention}. */
final class RetentionSettings {

  private boolean isEnabled = true;

  /** Null if none is given. */
  private @Nullable Policy policy;

  void read(Section top) throws ConfigException {
    Value value = top.get("retention");
    if (value == null) {
      return;
    }
    if (!value.isMapping()) {
      value.warn(ConfigKeys.V03);
      return;
    }
    Section section = value.section(ConfigKeys.RETENTION);
    Value enabled = section.get("enabled");
    if (enabled != null) {
      isEnabled = enabled.bool();
    }
    Value keep = section.get("keep");
    if (keep != null) {
      policy = policy(keep);
    }
    value.warn("is what `prune` goes by; the agent deletes nothing by itself");
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

  /**
   * @param snapshotRetention Litestream's key, which counts where ours is absent
   */
  Policy policy(Duration snapshotRetention) {
    return policy == null ? Policy.litestream(snapshotRetention) : policy;
  }
}
