package io.walsync.teststore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.NoteStore;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Passes every call on; a test overrides the one it is about. */
public class ForwardingReplicaClient implements ReplicaClient {

  private final ReplicaClient delegate;

  public ForwardingReplicaClient(ReplicaClient delegate) {
    this.delegate = delegate;
  }

  @Override
  public String url() {
    return delegate.url();
  }

  @Override
  public void init() throws IOException {
    delegate.init();
  }

  @Override
  public void connect() throws IOException {
    delegate.connect();
  }

  @Override
  public String locate(String known) throws IOException {
    return delegate.locate(known);
  }

  @Override
  public void begin() throws IOException {
    delegate.begin();
  }

  @Override
  public String explainEmpty() throws IOException {
    return delegate.explainEmpty();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    return delegate.list(level, seek, exactTimes);
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    return delegate.open(file, offset, length);
  }

  @Override
  public boolean isKnownGone(LtxFileInfo file) {
    return delegate.isKnownGone(file);
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return delegate.recordedDatabaseChecksum(file);
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    return delegate.recordedEpoch(file);
  }

  @Override
  public String recordedSha256(LtxFileInfo file) throws IOException {
    return delegate.recordedSha256(file);
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    delegate.write(file, content, sha256Hex);
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    return delegate.writeStream(name, content);
  }

  @Override
  public OwnerObject owner() throws IOException {
    return delegate.owner();
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner owner) throws IOException {
    return delegate.replaceOwner(before, owner);
  }

  @Override
  public boolean isOwnerNear() {
    return delegate.isOwnerNear();
  }

  @Override
  public NoteStore notes() {
    return delegate.notes();
  }

  @Override
  public long storeMillis() {
    return delegate.storeMillis();
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    delegate.delete(files);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
