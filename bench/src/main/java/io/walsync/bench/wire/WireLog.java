package io.walsync.bench.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that passed a wire, in the order of the answers.
 *
 * <p>Threading: all connections at once.
 */
public final class WireLog {

  private final List<Exchange> exchanges = new ArrayList<>();

  public synchronized void add(Exchange exchange) {
    exchanges.add(exchange);
  }

  public synchronized List<Exchange> all() {
    return List.copyOf(exchanges);
  }

  /** How many so far: where a later {@link #since} begins. */
  public synchronized int mark() {
    return exchanges.size();
  }

  public synchronized List<Exchange> since(int mark) {
    return List.copyOf(exchanges.subList(mark, exchanges.size()));
  }

  public synchronized void clear() {
    exchanges.clear();
  }

  /** Objects that the store accepted, in order; one in parts counts when it is completed. */
  public List<Put> puts() {
    return puts(all());
  }

  public static List<Put> puts(List<Exchange> exchanges) {
    List<Put> puts = new ArrayList<>();
    Map<String, Long> partBytes = new HashMap<>();
    for (Exchange exchange : exchanges) {
      if (!exchange.isAccepted()) {
        continue;
      }
      boolean isPart = exchange.query().contains("uploadId=");
      if (exchange.method().equals("PUT") && isPart) {
        partBytes.merge(exchange.path(), exchange.requestBytes(), Long::sum);
      } else if (exchange.method().equals("PUT")) {
        puts.add(put(exchange, exchange.requestBytes()));
      } else if (exchange.method().equals("POST") && isPart) {
        Long bytes = partBytes.remove(exchange.path());
        puts.add(put(exchange, bytes == null ? 0 : bytes));
      }
    }
    return puts;
  }

  private static Put put(Exchange exchange, long sizeBytes) {
    return new Put(
        exchange.arrivedMicros(), exchange.acknowledgedMicros(), sizeBytes, exchange.path());
  }
}
