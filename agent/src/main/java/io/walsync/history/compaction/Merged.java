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
public final class Merged implements Closeable {

  private final List<LtxFileInfo> inputs;
  private final LtxHeader header;
  private final ScratchFile content;
  private final String sha256Hex;
  private final int level;
  private final Sums sums;
  private final Stop stop;

  /** What was counted of the pages. */
  static final class Sums {
    final long pageCount;

    /** Of all pages, as LTX defines the checksum of a database. */
    final long pagesChecksum;

    /** Of the database after the newest input, if it carries one; else 0. */
    final long trackedChecksum;

    Sums(long pageCount, long pagesChecksum, long trackedChecksum) {
      this.pageCount = pageCount;
      this.pagesChecksum = pagesChecksum;
      this.trackedChecksum = trackedChecksum;
    }
  }

  Merged(
      List<LtxFileInfo> inputs,
      int level,
      LtxHeader header,
      ScratchFile content,
      String sha256Hex,
      Sums sums,
      Stop stop) {
    this.inputs = inputs;
    this.level = level;
    this.header = header;
    this.content = content;
    this.sha256Hex = sha256Hex;
    this.sums = sums;
    this.stop = stop;
  }

  /** The file as it will be listed. */
  public LtxFileInfo file() {
    return new LtxFileInfo(
        level, header.minTxid(), header.maxTxid(), content.sizeBytes(), header.timestampMillis());
  }

  long pageCount() {
    return sums.pageCount;
  }

  InputStream open() {
    return content.input(0, Stop.NEVER);
  }

  /** The newest input, whose checksum and epoch are recorded beside the output too. */
  public LtxFileInfo newest() {
    return inputs.get(inputs.size() - 1);
  }

  /** Checksum of the database after the output: what is recorded, or what its pages track. */
  public long checksum(long recorded) {
    return recorded == 0 ? sums.trackedChecksum : recorded;
  }

  /**
   * Writes it to the replica, with what is recorded beside the newest input.
   *
   * @throws io.walsync.replica.LtxFileConflictException if another file has its name
   */
  void store(ReplicaClient client) throws IOException {
    LtxFileInfo newest = newest();
    store(client, client.recordedDatabaseChecksum(newest), client.recordedEpoch(newest));
  }

  /**
   * As {@link #store(ReplicaClient)}.
   *
   * @param recorded the database's checksum beside the newest input; 0 if there is none
   * @param epoch likewise
   */
  public void store(ReplicaClient client, long recorded, long epoch) throws IOException {
    client.write(file(), new Source(checksum(recorded), epoch), sha256Hex);
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
      return content.input(offset, stop);
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
