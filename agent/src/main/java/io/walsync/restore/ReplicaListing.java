package io.walsync.restore;

import io.walsync.io.AgentThread;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * As {@link io.walsync.replica.ReplicaFiles}, but with retries and with all levels listed in
 * parallel, since each costs the latency of the store.
 */
final class ReplicaListing {

  private ReplicaListing() {}

  /**
   * @param exactTimes whether the files' own times are needed
   * @throws IOException if a level cannot be listed: without it, files might seem to be missing
   */
  static List<LtxFileInfo> read(
      ReplicaClient client,
      boolean exactTimes,
      RestoreProgress progress,
      RetryWaits waits,
      Random random)
      throws IOException {
    Abort abort = new Abort();
    int[] numbers = LtxFileInfo.levels();
    Level[] levels = new Level[numbers.length];
    Thread[] threads = new Thread[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      Retries retries = new Retries(abort, progress, waits, new Random(random.nextLong()));
      levels[i] = new Level(client, numbers[i], exactTimes, retries, abort);
      threads[i] = AgentThread.of(levels[i], "walsync-restore-list-" + numbers[i]);
    }
    abort.runAll(threads, "list " + client.url());
    List<LtxFileInfo> files = new ArrayList<LtxFileInfo>();
    for (Level level : levels) {
      files.addAll(level.files);
    }
    return files;
  }

  private static final class Level implements Runnable {

    private final ReplicaClient client;
    private final int level;
    private final boolean exactTimes;
    private final Retries retries;
    private final Abort abort;

    @SuppressWarnings("NullAway.Init") // read once the thread has ended well
    private List<LtxFileInfo> files;

    Level(ReplicaClient client, int level, boolean exactTimes, Retries retries, Abort abort) {
      this.client = client;
      this.level = level;
      this.exactTimes = exactTimes;
      this.retries = retries;
      this.abort = abort;
    }

    @Override
    public void run() {
      try {
        files = list();
      } catch (Throwable e) {
        abort.fail(e);
      }
    }

    private List<LtxFileInfo> list() throws IOException {
      while (true) {
        try {
          return client.list(level, Txid.FIRST, exactTimes);
        } catch (IOException e) {
          retries.waitAfter(e);
        }
      }
    }
  }
}
