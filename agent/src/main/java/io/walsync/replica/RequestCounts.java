package io.walsync.replica;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often one replica was asked for what, and what the store answered, since the process began. A
 * request here is a call of a {@link ReplicaClient}: an upload in parts is one.
 *
 * <p>Threading: safe.
 */
public final class RequestCounts {

  /** How often one operation ended in one way. Immutable. */
  public static final class Count {
    private final String operation;
    private final String code;
    private final long count;

    private Count(String operation, String code, long count) {
      this.operation = operation;
      this.code = code;
      this.count = count;
    }

    /**
     * {@code connect}, {@code list}, {@code read}, {@code look}, {@code write}, {@code owner} or
     * {@code delete}.
     */
    public String operation() {
      return operation;
    }

    /** {@code ok}, the HTTP status of a refusal, or a word such as {@code conflict}. */
    public String code() {
      return code;
    }

    public long count() {
      return count;
    }

    @Override
    public String toString() {
      return operation + " " + code + " " + count;
    }
  }

  private static final String OK = "ok";

  /** By operation and code, with a space between. */
  private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();

  void succeeded(String operation) {
    add(operation, OK);
  }

  /** Counts a failure and returns it, for the caller to throw. */
  IOException failed(String operation, IOException failure) {
    add(
        operation,
        failure instanceof ReplicaException ? ((ReplicaException) failure).outcome() : "failed");
    return failure;
  }

  private void add(String operation, String code) {
    String key = operation + ' ' + code;
    AtomicLong known = counts.get(key);
    if (known == null) {
      AtomicLong first = new AtomicLong();
      AtomicLong raced = counts.putIfAbsent(key, first);
      known = raced == null ? first : raced;
    }
    known.incrementAndGet();
  }

  /** In the order of operation and code. */
  public List<Count> all() {
    List<Count> all = new ArrayList<>();
    for (Map.Entry<String, AtomicLong> each : counts.entrySet()) {
      String key = each.getKey();
      int space = key.indexOf(' ');
      all.add(new Count(key.substring(0, space), key.substring(space + 1), each.getValue().get()));
    }
    return all;
  }
}
