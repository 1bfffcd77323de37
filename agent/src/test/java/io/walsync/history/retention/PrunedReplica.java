package io.walsync.history.retention;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A replica whose store has a clock of its own, and whose pruner can be killed between deletes. */
class PrunedReplica extends ForwardingReplicaClient {

  /** A kill: nothing that it goes through may go on. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Map<String, Long> stored = new HashMap<>();
  final List<LtxFileInfo> deleted = new ArrayList<>();
  long storeMillis;
  OwnerObject owner = OwnerObject.NONE;
  int deletesUntilKilled = Integer.MAX_VALUE;

  PrunedReplica(ReplicaClient client) {
    super(client);
  }

  private static String key(LtxFileInfo file) {
    return file.level() + file.fileName();
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    super.write(file, content, sha256Hex);
    stored.putIfAbsent(key(file), storeMillis);
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    for (LtxFileInfo file : super.list(level, seek, exactTimes)) {
      Long millis = stored.get(key(file));
      files.add(exactTimes && millis != null ? file.withStoredMillis(millis) : file);
    }
    return files;
  }

  @Override
  public OwnerObject owner() throws IOException {
    return owner;
  }

  @Override
  public long storeMillis() {
    return storeMillis;
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    for (LtxFileInfo file : files) {
      if (deletesUntilKilled-- == 0) {
        throw new Killed();
      }
      super.delete(List.of(file));
      deleted.add(file);
    }
  }

  void goOn() {
    deletesUntilKilled = Integer.MAX_VALUE;
  }
}
