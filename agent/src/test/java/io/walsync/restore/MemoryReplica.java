package io.walsync.restore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A replica in memory that can break in the ways a store breaks. */
class MemoryReplica implements ReplicaClient {

  private final Map<String, LtxFileInfo> files = new TreeMap<>();
  private final Map<String, byte[]> contents = new HashMap<>();
  private final Map<String, String> sha256s = new HashMap<>();
  private final Map<String, Long> databaseChecksums = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  OwnerObject owner = OwnerObject.NONE;
  private int openCount;

  synchronized LtxFileInfo put(int level, long min, long max, long createdMillis, byte[] content) {
    LtxFileInfo file =
        new LtxFileInfo(level, Txid.of(min), Txid.of(max), content.length, createdMillis);
    files.put(key(file), file);
    contents.put(key(file), content);
    return file;
  }

  synchronized void recordSha256(LtxFileInfo file) {
    sha256s.put(key(file), Sha256.hexOf(contents.get(key(file))));
  }

  synchronized void replaceContent(LtxFileInfo file, byte[] content) {
    contents.put(key(file), content);
  }

  synchronized byte[] content(LtxFileInfo file) {
    return contents.get(key(file));
  }

  /** The file is still listed, but cannot be read any more. */
  synchronized void vanish(LtxFileInfo file) {
    contents.remove(key(file));
  }

  synchronized void remove(LtxFileInfo file) {
    files.remove(key(file));
    contents.remove(key(file));
  }

  synchronized List<LtxFileInfo> all() {
    return new ArrayList<>(files.values());
  }

  synchronized int openCount() {
    return openCount;
  }

  private static String key(LtxFileInfo file) {
    return file.level() + "/" + file.fileName();
  }

  @Override
  public String url() {
    return "memory://replica";
  }

  @Override
  public void init() {}

  @Override
  public synchronized List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes)
      throws IOException {
    List<LtxFileInfo> listed = new ArrayList<>();
    for (LtxFileInfo file : files.values()) {
      if (file.level() == level && file.minTxid().compareTo(seek) >= 0) {
        listed.add(file);
      }
    }
    Collections.reverse(listed);
    return listed;
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    byte[] content;
    synchronized (this) {
      openCount++;
      content = contents.get(key(file));
    }
    if (content == null) {
      throw new LtxFileMissingException("read " + file + ": no such file", null);
    }
    int from = (int) Math.min(offset, content.length);
    return new ByteArrayInputStream(content, from, (int) Math.min(length, content.length - from));
  }

  synchronized void recordDatabaseChecksum(LtxFileInfo file, long checksum) {
    databaseChecksums.put(key(file), checksum);
  }

  @Override
  public synchronized long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return databaseChecksums.getOrDefault(key(file), 0L);
  }

  synchronized void recordEpoch(LtxFileInfo file, long epoch) {
    epochs.put(key(file), epoch);
  }

  @Override
  public synchronized long recordedEpoch(LtxFileInfo file) throws IOException {
    return epochs.getOrDefault(key(file), 0L);
  }

  @Override
  public synchronized String recordedSha256(LtxFileInfo file) throws IOException {
    return sha256s.get(key(file));
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OwnerObject owner() {
    return owner;
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner owner) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(List<LtxFileInfo> files) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
