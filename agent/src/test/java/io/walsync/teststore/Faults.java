package io.walsync.teststore;

import java.util.ArrayList;
import java.util.List;

/** Which requests of an {@link EmbeddedS3} go wrong. Empty unless a test fills it. */
public final class Faults {

  private static final class Rule {
    final S3Operation operation;
    final Fault fault;
    long skip;
    long times;

    Rule(S3Operation operation, Fault fault, long skip, long times) {
      this.operation = operation;
      this.fault = fault;
      this.skip = skip;
      this.times = times;
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  /** The next request of that kind. */
  public void next(S3Operation operation, Fault fault) {
    nth(operation, 1, fault);
  }

  /**
   * @param n 1 is the next request of that kind
   */
  public synchronized void nth(S3Operation operation, int n, Fault fault) {
    rules.add(new Rule(operation, fault, n - 1, 1));
  }

  /** Every request of that kind until {@link #clear}. */
  public synchronized void always(S3Operation operation, Fault fault) {
    rules.add(new Rule(operation, fault, 0, Long.MAX_VALUE));
  }

  public synchronized void clear() {
    rules.clear();
  }

  /** The fault for a request that has just arrived, or null. */
  synchronized Fault take(S3Operation operation) {
    for (Rule rule : rules) {
      boolean matches = rule.operation == S3Operation.ANY || rule.operation == operation;
      if (!matches || rule.times == 0) {
        continue;
      }
      if (rule.skip > 0) {
        rule.skip--;
        continue;
      }
      rule.times--;
      return rule.fault;
    }
    return null;
  }
}
