package io.walsync.teststore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.NoteStore;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A replica in memory: as fast as a test with thousands of files needs it. */
public final class MemoryStore implements ReplicaClient {

  private record Entry(
      LtxFileInfo file, byte[] content, String sha256, long checksum, long epoch) {}

  private final Map<String, Entry> entries;
  private final MemoryNotes notes = new MemoryNotes();

  private static final class MemoryNotes implements NoteStore {
    private final Map<String, byte[]> notes = new TreeMap<>();

    @Override
    public synchronized List<String> names(String folder) {
      return notes.keySet().stream()
          .filter(name -> name.startsWith(folder))
          .map(name -> name.substring(folder.length()))
          .toList();
    }

    @Override
    public synchronized byte[] read(String name) {
      return notes.get(name);
    }

    @Override
    public synchronized boolean create(String name, byte[] content) {
      return notes.putIfAbsent(name, content) == null;
    }

    @Override
    public synchronized void delete(String name) {
      notes.remove(name);
    }
  }

  public MemoryStore() {
    this(new TreeMap<>());
  }

  private MemoryStore(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** Another replica with the same files. */
  public MemoryStore copy() {
    return new MemoryStore(new TreeMap<>(entries));
  }

  private static String key(LtxFileInfo file) {
    return file.level() + "/" + file.fileName();
  }

  private synchronized Entry entry(LtxFileInfo file) throws LtxFileMissingException {
    Entry entry = entries.get(key(file));
    if (entry == null) {
      throw new LtxFileMissingException("there is no " + key(file), null);
    }
    return entry;
  }

  @Override
  public String url() {
    return "memory://store";
  }

  @Override
  public void init() {}

  @Override
  public synchronized List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) {
    List<LtxFileInfo> files = new ArrayList<>();
    for (Entry entry : entries.values()) {
      LtxFileInfo file = entry.file();
      if (file.level() == level && file.minTxid().compareTo(seek) >= 0) {
        files.add(file);
      }
    }
    files.sort(Comparator.comparing(LtxFileInfo::minTxid).thenComparing(LtxFileInfo::maxTxid));
    return files;
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    byte[] content = entry(file).content();
    int from = (int) Math.min(offset, content.length);
    return new ByteArrayInputStream(content, from, (int) Math.min(length, content.length - from));
  }

  @Override
  public String recordedSha256(LtxFileInfo file) throws IOException {
    return entry(file).sha256();
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return entry(file).checksum();
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    return entry(file).epoch();
  }

  @Override
  public synchronized void write(LtxFileInfo file, LtxSource content, String sha256Hex)
      throws IOException {
    Entry there = entries.get(key(file));
    if (there != null && !there.sha256().equals(sha256Hex)) {
      throw new LtxFileConflictException("another file is " + key(file));
    }
    try (InputStream in = content.open(0)) {
      byte[] bytes = in.readAllBytes();
      Entry entry = new Entry(file, bytes, sha256Hex, content.databaseChecksum(), content.epoch());
      entries.putIfAbsent(key(file), entry);
    }
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    return WholeStream.write(this, name, content);
  }

  @Override
  public OwnerObject owner() {
    return OwnerObject.NONE;
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner owner) {
    throw new UnsupportedOperationException();
  }

  @Override
  public NoteStore notes() {
    return notes;
  }

  @Override
  public synchronized void delete(List<LtxFileInfo> files) {
    files.forEach(file -> entries.remove(key(file)));
  }

  @Override
  public void close() {}
}
