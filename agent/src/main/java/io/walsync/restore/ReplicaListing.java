package io.walsync.restore;

import io.walsync.io.AgentThread;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lists all levels of a replica at once, as each costs the latency of the store. */
final class ReplicaListing {

  private static final int LEVEL_COUNT = LtxFileInfo.LEVEL_SNAPSHOT + 1;

  private ReplicaListing() {}

  /**
   * @param exactTimes whether the files' own times are needed
   * @throws IOException if a level cannot be listed: without it, files might seem to be missing
   */
  static List<LtxFileInfo> read(ReplicaClient client, boolean exactTimes) throws IOException {
    Level[] levels = new Level[LEVEL_COUNT];
    for (int i = 0; i < LEVEL_COUNT; i++) {
      levels[i] = new Level(client, i, exactTimes);
      levels[i].thread.start();
    }
    List<LtxFileInfo> files = new ArrayList<LtxFileInfo>();
    IOException failure = null;
    for (Level level : levels) {
      try {
        files.addAll(level.await());
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return files;
  }

  private static final class Level implements Runnable {

    private final ReplicaClient client;
    private final int level;
    private final boolean exactTimes;
    private final Thread thread;
    private List<LtxFileInfo> files;
    private Throwable failure;

    Level(ReplicaClient client, int level, boolean exactTimes) {
      this.client = client;
      this.level = level;
      this.exactTimes = exactTimes;
      thread = new AgentThread(this, "walsync-list-" + level);
    }

    @Override
    public void run() {
      try {
        files = client.list(level, Txid.FIRST, exactTimes);
      } catch (Throwable e) {
        failure = e;
      }
    }

    List<LtxFileInfo> await() throws IOException {
      Interruption.join(thread);
      if (failure != null) {
        throw Interruption.asIoException("list level " + level, failure);
      }
      return files;
    }
  }
}
