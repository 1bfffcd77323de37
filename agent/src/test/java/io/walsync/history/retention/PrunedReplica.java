package io.walsync.history.retention;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.NoteStore;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A replica whose store has a clock of its own, and whose pruner can be killed, or slept through
 * something, between any two requests. Each file of a deletion counts as one.
 */
class PrunedReplica extends ForwardingReplicaClient {

  /** A kill: nothing that it goes through may go on. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Happens in the middle of something. */
  interface Event {
    void happen() throws IOException;
  }

  private final Map<String, Long> stored = new HashMap<>();
  final List<LtxFileInfo> deleted = new ArrayList<>();
  long storeMillis;
  OwnerObject owner = OwnerObject.NONE;
  private int requestsUntilEvent = Integer.MAX_VALUE;
  private Event event = () -> {};

  PrunedReplica(ReplicaClient client) {
    super(client);
  }

  /** Something happens once, before the request behind some others. */
  void after(int requests, Event what) {
    requestsUntilEvent = requests;
    event = what;
  }

  void killAfter(int requests) {
    after(
        requests,
        () -> {
          throw new Killed();
        });
  }

  /** Whether it has not come to that. */
  boolean goesOn() {
    boolean isOutstanding = requestsUntilEvent >= 0;
    requestsUntilEvent = Integer.MAX_VALUE;
    return isOutstanding;
  }

  private void request() throws IOException {
    if (requestsUntilEvent >= 0 && requestsUntilEvent-- == 0) {
      event.happen();
    }
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
    request();
    List<LtxFileInfo> files = new ArrayList<>();
    for (LtxFileInfo file : super.list(level, seek, exactTimes)) {
      Long millis = stored.get(key(file));
      files.add(exactTimes && millis != null ? file.withStoredMillis(millis) : file);
    }
    return files;
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    request();
    return super.open(file, offset, length);
  }

  @Override
  public OwnerObject owner() throws IOException {
    request();
    return owner;
  }

  @Override
  public long storeMillis() {
    return storeMillis;
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    for (LtxFileInfo file : files) {
      request();
      super.delete(List.of(file));
      deleted.add(file);
    }
  }

  @Override
  public NoteStore notes() {
    NoteStore notes = super.notes();
    return new NoteStore() {
      @Override
      public List<String> names(String folder) throws IOException {
        request();
        return notes.names(folder);
      }

      @Override
      public byte[] read(String name) throws IOException {
        request();
        return notes.read(name);
      }

      @Override
      public boolean create(String name, byte[] content) throws IOException {
        request();
        return notes.create(name, content);
      }

      @Override
      public void delete(String name) throws IOException {
        request();
        notes.delete(name);
      }
    };
  }
}
