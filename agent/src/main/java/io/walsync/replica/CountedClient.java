package io.walsync.replica;

import io.walsync.ltx.Txid;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client whose requests are counted. What costs the store no request is not. */
final class CountedClient implements ReplicaClient {

  private final ReplicaClient client;
  private final RequestCounts counts;

  CountedClient(ReplicaClient client, RequestCounts counts) {
    this.client = client;
    this.counts = counts;
  }

  @Override
  public String url() {
    return client.url();
  }

  @Override
  public void init() throws IOException {
    try {
      client.init();
      counts.succeeded("connect");
    } catch (IOException e) {
      throw counts.failed("connect", e);
    }
  }

  @Override
  public void connect() throws IOException {
    try {
      client.connect();
      counts.succeeded("connect");
    } catch (IOException e) {
      throw counts.failed("connect", e);
    }
  }

  @Override
  public String locate(String known) throws IOException {
    return client.locate(known);
  }

  @Override
  public void begin() throws IOException {
    client.begin();
  }

  @Override
  public @Nullable String explainEmpty() throws IOException {
    return client.explainEmpty();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    try {
      List<LtxFileInfo> answer = client.list(level, seek, exactTimes);
      counts.succeeded("list");
      return answer;
    } catch (IOException e) {
      throw counts.failed("list", e);
    }
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    try {
      InputStream answer = client.open(file, offset, length);
      counts.succeeded("read", Math.max(0, Math.min(length, file.sizeBytes() - offset)));
      return answer;
    } catch (IOException e) {
      throw counts.failed("read", e);
    }
  }

  @Override
  public boolean isKnownGone(LtxFileInfo file) {
    return client.isKnownGone(file);
  }

  @Override
  public @Nullable String recordedSha256(LtxFileInfo file) throws IOException {
    try {
      @Nullable String answer = client.recordedSha256(file);
      counts.succeeded("look");
      return answer;
    } catch (IOException e) {
      throw counts.failed("look", e);
    }
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    try {
      long answer = client.recordedDatabaseChecksum(file);
      counts.succeeded("look");
      return answer;
    } catch (IOException e) {
      throw counts.failed("look", e);
    }
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    try {
      long answer = client.recordedEpoch(file);
      counts.succeeded("look");
      return answer;
    } catch (IOException e) {
      throw counts.failed("look", e);
    }
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    try {
      client.write(file, content, sha256Hex);
      counts.succeeded(RequestCounts.WRITE, file.sizeBytes());
    } catch (IOException e) {
      throw counts.failed(RequestCounts.WRITE, e);
    }
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    try {
      LtxFileInfo answer = client.writeStream(name, content);
      counts.succeeded(RequestCounts.WRITE, answer.sizeBytes());
      return answer;
    } catch (IOException e) {
      throw counts.failed(RequestCounts.WRITE, e);
    }
  }

  @Override
  public OwnerObject owner() throws IOException {
    try {
      OwnerObject answer = client.owner();
      counts.succeeded("owner");
      return answer;
    } catch (IOException e) {
      throw counts.failed("owner", e);
    }
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner owner) throws IOException {
    try {
      boolean answer = client.replaceOwner(before, owner);
      counts.succeeded("owner");
      return answer;
    } catch (IOException e) {
      throw counts.failed("owner", e);
    }
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
    try {
      client.delete(files);
      counts.succeeded("delete");
    } catch (IOException e) {
      throw counts.failed("delete", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
