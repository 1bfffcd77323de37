package io.walsync.bench.lab;

import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public ReplicaClient open() {
    return new FileReplicaClient(folder.toFile());
  }
}
