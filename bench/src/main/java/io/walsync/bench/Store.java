package io.walsync.bench;

import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.EmbeddedStore;
import io.walsync.bench.lab.FolderReplica;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Replica;
import java.nio.file.Path;

/** Where one run's replicas go: a directory, or an S3 server that lives as long as the run. */
final class Store implements AutoCloseable {

  /** Without the agent, nothing is replicated. */
  static final String NONE = "none";

  private final Path folder;
  private final EmbeddedStore server;

  private Store(Path folder, EmbeddedStore server) {
    this.folder = folder;
    this.server = server;
  }

  /**
   * @param kind {@code dir} or {@code s3}
   */
  static Store open(String kind, Path folder) {
    if (!kind.equals("dir") && !kind.equals("s3")) {
      throw new LabException("a store is dir or s3, not " + kind);
    }
    return new Store(folder, kind.equals("s3") ? EmbeddedStore.onDisk(folder) : null);
  }

  Replica replica(String name) {
    return server == null
        ? new FolderReplica(folder.resolve("replica-" + name))
        : new BucketReplica(server, name);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
