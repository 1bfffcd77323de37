package io.walsync.teststore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.NoteStore;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A replica client whose Nth call fails, before it does anything or after it has done everything
 * (an answer that got lost). All other calls go through. For tests that make every call of a
 * scenario fail in turn until none is left to fail.
 */
public final class FaultyReplicaClient implements ReplicaClient {

  /** When the call fails. */
  public enum Moment {
    BEFORE,
    AFTER
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private final ReplicaClient delegate;
  private long failingCall;
  private Moment moment = Moment.BEFORE;
  private boolean isDown;
  private long callCount;

  public FaultyReplicaClient(ReplicaClient delegate) {
    this.delegate = delegate;
  }

  /**
   * @param call 1 is the next call; counts {@code init}, {@code list}, {@code open}, {@code
   *     recordedSha256}, {@code write} and {@code delete} from here on
   */
  public synchronized void failCall(long call, Moment moment) {
    this.failingCall = call;
    this.moment = moment;
    this.callCount = 0;
  }

  /** While down, every call fails before it does anything. */
  public synchronized void setDown(boolean isDown) {
    this.isDown = isDown;
  }

  public synchronized boolean isDown() {
    return isDown;
  }

  /** Calls since the last {@link #failCall}, the failed ones included. */
  public synchronized long callCount() {
    return callCount;
  }

  @Override
  public String url() {
    return delegate.url();
  }

  @Override
  public void init() throws IOException {
    call(
        () -> {
          delegate.init();
          return null;
        });
  }

  @Override
  public void connect() throws IOException {
    call(
        () -> {
          delegate.connect();
          return null;
        });
  }

  @Override
  public String locate(String known) throws IOException {
    return delegate.locate(known);
  }

  @Override
  public void begin() throws IOException {
    call(
        () -> {
          delegate.begin();
          return null;
        });
  }

  @Override
  public String explainEmpty() throws IOException {
    return delegate.explainEmpty();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    return call(() -> delegate.list(level, seek, exactTimes));
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    return call(() -> delegate.open(file, offset, length));
  }

  @Override
  public boolean isKnownGone(LtxFileInfo file) {
    return delegate.isKnownGone(file);
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return call(() -> delegate.recordedDatabaseChecksum(file));
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    return call(() -> delegate.recordedEpoch(file));
  }

  @Override
  public String recordedSha256(LtxFileInfo file) throws IOException {
    return call(() -> delegate.recordedSha256(file));
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    call(
        () -> {
          delegate.write(file, content, sha256Hex);
          return null;
        });
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    return call(() -> delegate.writeStream(name, content));
  }

  @Override
  public OwnerObject owner() throws IOException {
    return call(() -> delegate.owner());
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner owner) throws IOException {
    return call(() -> delegate.replaceOwner(before, owner));
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
    call(
        () -> {
          delegate.delete(files);
          return null;
        });
  }

  @Override
  public void close() {
    delegate.close();
  }

  private <T> T call(Call<T> call) throws IOException {
    boolean fails;
    boolean failsAfter;
    synchronized (this) {
      callCount++;
      fails = isDown || callCount == failingCall;
      failsAfter = !isDown && moment == Moment.AFTER;
    }
    T result = fails && !failsAfter ? null : call.run();
    if (fails) {
      throw new ReplicaException("injected failure", false);
    }
    return result;
  }
}
