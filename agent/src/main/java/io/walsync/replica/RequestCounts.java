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
    private final long bytes;

    private Count(String operation, String code, long count, long bytes) {
      this.operation = operation;
      this.code = code;
      this.count = count;
      this.bytes = bytes;
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

    /** Bytes of files that were written, or asked for; 0 for other operations. */
    public long bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return operation + " " + code + " " + count;
    }
  }

  /** The code of a request that did what it was to do. */
  public static final String OK = "ok";

  /** The operation that brings a file to the store. */
  public static final String WRITE = "write";

  private static final class Sum {
    final AtomicLong count = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
  }

  /** By operation and code, with a space between. */
  private final Map<String, Sum> counts = new ConcurrentSkipListMap<>();

  void succeeded(String operation) {
    add(operation, OK, 0);
  }

  /**
   * @param bytes of a file that went to the store, or was asked for
   */
  void succeeded(String operation, long bytes) {
    add(operation, OK, bytes);
  }

  /** Counts a failure and returns it, for the caller to throw. */
  IOException failed(String operation, IOException failure) {
    add(
        operation,
        failure instanceof ReplicaException ? ((ReplicaException) failure).outcome() : "failed",
        0);
    return failure;
  }

  private void add(String operation, String code, long bytes) {
    String key = operation + ' ' + code;
    Sum known = counts.get(key);
    if (known == null) {
      Sum first = new Sum();
      Sum raced = counts.putIfAbsent(key, first);
      known = raced == null ? first : raced;
    }
    known.count.incrementAndGet();
    known.bytes.addAndGet(bytes);
  }

  /** In the order of operation and code. */
  public List<Count> all() {
    List<Count> all = new ArrayList<>();
    for (Map.Entry<String, Sum> each : counts.entrySet()) {
      String key = each.getKey();
      int space = key.indexOf(' ');
      Sum sum = each.getValue();
      all.add(
          new Count(
              key.substring(0, space), key.substring(space + 1), sum.count.get(), sum.bytes.get()));
    }
    return all;
  }
}
