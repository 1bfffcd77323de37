package io.walsync.teststore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an {@link EmbeddedS3} was asked: counts of everything, and the most recent requests. */
public final class RequestLog {

  /** Bounds memory in long simulations; tests look at a handful. */
  private static final int KEPT_REQUESTS = 1_000;

  private final Map<S3Operation, Long> counts = new EnumMap<>(S3Operation.class);
  private final Deque<S3Request> recent = new ArrayDeque<>();
  private long connectionCount;

  synchronized void add(S3Request request) {
    counts.merge(request.operation(), 1L, Long::sum);
    counts.merge(S3Operation.ANY, 1L, Long::sum);
    if (recent.size() == KEPT_REQUESTS) {
      recent.removeFirst();
    }
    recent.addLast(request);
  }

  synchronized void addConnection() {
    connectionCount++;
  }

  /** Requests since the start or the last {@link #reset}, those that met a fault included. */
  public synchronized long count(S3Operation operation) {
    return counts.getOrDefault(operation, 0L);
  }

  /** Connections accepted since the start or the last {@link #reset}. */
  public synchronized long connectionCount() {
    return connectionCount;
  }

  /** The most recent request of that kind, or null. */
  public synchronized S3Request last(S3Operation operation) {
    List<S3Request> matching = all(operation);
    return matching.isEmpty() ? null : matching.get(matching.size() - 1);
  }

  /** The last thousand requests, oldest first. */
  public synchronized List<S3Request> all(S3Operation operation) {
    List<S3Request> matching = new ArrayList<>();
    for (S3Request request : recent) {
      if (operation == S3Operation.ANY || request.operation() == operation) {
        matching.add(request);
      }
    }
    return matching;
  }

  public synchronized void reset() {
    counts.clear();
    recent.clear();
    connectionCount = 0;
  }
}
