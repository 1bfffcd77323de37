package io.walsync.db.history;

import io.walsync.history.compaction.Stop;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.NoteStore;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The replica as a pass sees it: what is recorded beside a file is asked for once, and before each
 * request it is looked at whether the pass is still wanted.
 *
 * <p>Threading: one thread at a time.
 */
final class PassClient implements ReplicaClient {

  /** Of a snapshot, and of the file beside it. */
  private static final int MOST_RECORDS = 256;

  /** What is recorded beside files, by level and name: it never changes. */
  static final class Records {
    private final Map<String, Long> values =
        new LinkedHashMap<String, Long>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_RECORDS;
          }
        };
  }

  private interface Request {
    long ask() throws IOException;
  }

  private final ReplicaClient client;
  private final Records records;
  private final Stop stop;

  PassClient(ReplicaClient client, Records records, Stop stop) {
    this.client = client;
    this.records = records;
    this.stop = stop;
  }

  private long recorded(String kind, LtxFileInfo file, Request request) throws IOException {
    String key = kind + file.level() + "/" + file.fileName();
    Long known = records.values.get(key);
    if (known != null) {
      return known;
    }
    stop.check();
    long value = request.ask();
    records.values.put(key, value);
    return value;
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return recorded("checksum ", file, () -> client.recordedDatabaseChecksum(file));
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    return recorded("epoch ", file, () -> client.recordedEpoch(file));
  }

  @Override
  public String url() {
    return client.url();
  }

  @Override
  public void init() throws IOException {
    client.init();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    stop.check();
    return client.list(level, seek, exactTimes);
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    stop.check();
    return client.open(file, offset, length);
  }

  @Override
  public @Nullable String recordedSha256(LtxFileInfo file) throws IOException {
    return client.recordedSha256(file);
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    client.write(file, content, sha256Hex);
  }

  @Override
  public OwnerObject owner() throws IOException {
    stop.check();
    return client.owner();
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner owner) throws IOException {
    return client.replaceOwner(before, owner);
  }

  @Override
  public long storeMillis() {
    return client.storeMillis();
  }

  @Override
  public boolean isOwnerNear() {
    return client.isOwnerNear();
  }

  @Override
  public NoteStore notes() {
    return client.notes();
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    stop.check();
    client.delete(files);
  }

  /** It is not this one's to close. */
  @Override
  public void close() {}
}
