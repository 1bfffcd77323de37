package io.walsync.db.history;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.ReplicaException;
import io.walsync.teststore.ForwardingReplicaClient;
import io.walsync.teststore.MemoryStore;
import io.walsync.teststore.WholeStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A store that lists as S3 does, by its own clock: only when a file was stored, cut to the second.
 * What a file says itself costs a request.
 */
final class ListedStore extends ForwardingReplicaClient {

  private final MemoryStore store;
  private final LongSupplier clock;
  private final Map<String, Long> stored = new HashMap<>();
  int requestCount;
  int headerCount;
  int deletedCount;
  boolean isDeletionRefused;

  /** What happens before each request; may throw. */
  Trouble trouble = () -> {};

  interface Trouble {
    void happen() throws IOException;
  }

  ListedStore(MemoryStore store, LongSupplier clock) {
    super(store);
    this.store = store;
    this.clock = clock;
  }

  private void request() throws IOException {
    requestCount++;
    trouble.happen();
  }

  @Override
  public long storeMillis() {
    return clock.getAsLong();
  }

  private static String key(LtxFileInfo file) {
    return file.level() + file.fileName();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    request();
    return super.list(level, seek, exactTimes).stream()
        .map(
            file -> {
              long millis = stored.getOrDefault(key(file), 0L) / 1_000 * 1_000;
              return exactTimes
                  ? file.withStoredMillis(millis + 1_000)
                  : file.withCreatedMillis(millis);
            })
        .toList();
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    request();
    headerCount += offset == 0 && length == 100 ? 1 : 0;
    return super.open(file, offset, length);
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    request();
    super.write(file, content, sha256Hex);
    stored.putIfAbsent(key(file), clock.getAsLong());
    request();
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    return WholeStream.write(this, name, content);
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    for (LtxFileInfo file : files) {
      request();
      if (isDeletionRefused) {
        throw new ReplicaException("cannot delete: AccessDenied", true);
      }
      store.delete(List.of(file));
      stored.remove(key(file));
      deletedCount++;
    }
  }
}
