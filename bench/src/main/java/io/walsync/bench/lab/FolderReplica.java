package io.walsync.bench.lab;

import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import java.nio.file.Path;
import java.util.List;

/** A replica in a directory. */
public record FolderReplica(Path folder) implements Replica {

  @Override
  public String storeName() {
    return "directory";
  }

  @Override
  public String url() {
    return "file://" + folder;
  }

  @Override
  public List<String> yaml() {
    return List.of("path: " + folder);
  }

  @Override
  public ReplicaClient open() {
    return new FileReplicaClient(folder.toFile());
  }
}
