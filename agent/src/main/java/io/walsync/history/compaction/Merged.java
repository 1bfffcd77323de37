package io.walsync.history.compaction;

import io.walsync.ltx.LtxHeader;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** What a merge has made, proved and not stored yet. */
final class Merged implements Closeable {

  private final List<LtxFileInfo> inputs;
  private final LtxHeader header;
  private final ScratchFile content;
  private final String sha256Hex;
  private final long pageCount;
  private final long trackedChecksum;

  /**
   * @param trackedChecksum of the database after the newest input, if it carries one; else 0
   */
  Merged(
      List<LtxFileInfo> inputs,
      LtxHeader header,
      ScratchFile content,
      String sha256Hex,
      long pageCount,
      long trackedChecksum) {
    this.inputs = inputs;
    this.header = header;
    this.content = content;
    this.sha256Hex = sha256Hex;
    this.pageCount = pageCount;
    this.trackedChecksum = trackedChecksum;
  }

  /** The file as it will be listed, one level above its inputs. */
  LtxFileInfo file() {
    return new LtxFileInfo(
        inputs.get(0).level() + 1,
        header.minTxid(),
        header.maxTxid(),
        content.sizeBytes(),
        header.timestampMillis());
  }

  long pageCount() {
    return pageCount;
  }

  InputStream open() {
    return content.input(0);
  }

  /**
   * Writes it to the replica, with what is recorded beside the newest input.
   *
   * @throws io.walsync.replica.LtxFileConflictException if another file has its name
   */
  void store(ReplicaClient client) throws IOException {
    LtxFileInfo newest = inputs.get(inputs.size() - 1);
    long recorded = client.recordedDatabaseChecksum(newest);
    long checksum = recorded == 0 ? trackedChecksum : recorded;
    long epoch = client.recordedEpoch(newest);
    client.write(file(), new Source(checksum, epoch), sha256Hex);
  }

  private final class Source implements LtxSource {

    private final long databaseChecksum;
    private final long epoch;

    Source(long databaseChecksum, long epoch) {
      this.databaseChecksum = databaseChecksum;
      this.epoch = epoch;
    }

    @Override
    public long sizeBytes() {
      return content.sizeBytes();
    }

    @Override
    public long databaseChecksum() {
      return databaseChecksum;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public InputStream open(long offset) {
      return content.input(offset);
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
