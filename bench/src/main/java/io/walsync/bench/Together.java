package io.walsync.bench;

import io.walsync.bench.lab.LabException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several runs at the same time, for what takes long and loads the machine little. */
final class Together {

  /** One run. */
  interface Run<K, V> {
    V of(K key) throws InterruptedException;
  }

  private Together() {}

  /**
   * Returns what each run found, in the order of the keys.
   *
   * @param atOnce how many run at a time
   * @throws LabException if one fails
   */
  static <K, V> Map<K, V> run(Collection<K> keys, int atOnce, Run<K, V> run)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      Map<K, Future<V>> running = new LinkedHashMap<>();
      for (K key : keys) {
        running.put(key, threads.submit(() -> run.of(key)));
      }
      Map<K, V> found = new LinkedHashMap<>();
      for (Map.Entry<K, Future<V>> entry : running.entrySet()) {
        found.put(entry.getKey(), entry.getValue().get());
      }
      return found;
    } catch (ExecutionException e) {
      throw new LabException("one of several runs at a time failed", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
