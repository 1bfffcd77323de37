package io.walsync.history.compaction;

import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxStream;
import io.walsync.replica.ReplicaClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * The whole database after the newest of some files of a replica, made while it is written to that
 * replica. Nothing of it is on disk, but what {@link Merge#image} had to merge before, and the page
 * index of a large one.
 *
 * <p>What is written is decoded again on its way out. It appears only if that has the checksum that
 * was recorded at the commit.
 *
 * <p>States: open, written, closed. Threading: one thread.
 */
public final class Image implements Closeable {

  /** Called when the image is proved, before anybody can see it; may throw to prevent that. */
  public interface Gate {
    void pass() throws IOException;
  }

  private final Merge merge;
  private final List<LtxFileInfo> plan;
  private final List<Merge.Input> inputs;
  private final List<LtxDecoder> decoders;
  private final LtxHeader newestHeader;
  private boolean isBegun;

  Image(Merge merge, List<LtxFileInfo> plan, List<Merge.Input> inputs, List<LtxDecoder> decoders)
      throws LtxFormatException {
    this.merge = merge;
    this.plan = plan;
    this.inputs = inputs;
    this.decoders = decoders;
    this.newestHeader = decoders.get(decoders.size() - 1).header();
    if (!decoders.get(0).header().minTxid().equals(Txid.FIRST)) {
      throw new LtxFormatException(plan.get(0) + " is no image of a whole database");
    }
  }

  /** The newest input, whose checksum and epoch are recorded beside the image too. */
  public LtxFileInfo newest() {
    return plan.get(plan.size() - 1);
  }

  /** The name; the size is 0, since it is not known. */
  private LtxFileInfo name() {
    return new LtxFileInfo(
        LtxFileInfo.LEVEL_SNAPSHOT,
        Txid.FIRST,
        newestHeader.maxTxid(),
        0,
        newestHeader.timestampMillis());
  }

  /**
   * Writes it to the replica. To be called once.
   *
   * @param recorded the checksum of the database that is recorded beside {@link #newest}; 0 if
   *     there is none, and then nothing says whether the image is what was committed
   * @param epoch likewise
   * @return the file that is there now
   * @throws WrongImageException if the image has another checksum; nothing is stored then
   * @throws io.walsync.replica.LtxFileConflictException if another file has its name
   */
  public LtxFileInfo store(ReplicaClient client, long recorded, long epoch, Gate gate)
      throws IOException {
    assert !isBegun : "its inputs can be read once";
    isBegun = true;
    return client.writeStream(name(), new Stream(recorded, epoch, gate));
  }

  private void requireCommitted(long found, long recorded) throws WrongImageException {
    if (recorded != 0 && found != recorded) {
      throw new WrongImageException(
          "the files of "
              + merge.url()
              + " up to TXID "
              + newestHeader.maxTxid()
              + " make a database with the checksum "
              + Long.toHexString(found)
              + ", and "
              + Long.toHexString(recorded)
              + " was recorded at its commit, beside "
              + newest());
    }
  }

  private final class Stream implements LtxStream {

    private final long recorded;
    private final long epoch;
    private final Gate gate;

    Stream(long recorded, long epoch, Gate gate) {
      this.recorded = recorded;
      this.epoch = epoch;
      this.gate = gate;
    }

    @Override
    public long mostBytes() {
      return LtxEncoder.mostBytes(newestHeader.pageSize(), newestHeader.commit());
    }

    @Override
    public long databaseChecksum() {
      return recorded;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      ProvenOutput proven = new ProvenOutput(out);
      merge.mergeInto(proven, decoders, null);
      long found = proven.prove();
      Merged.Sums sums = merge.sums();
      if (found != sums.pagesChecksum || proven.pageCount() != sums.pageCount) {
        throw new IOException("the snapshot does not hold what was merged: damaged memory?");
      }
      requireCommitted(found, recorded);
      gate.pass();
    }

    @Override
    public void awaitNextTry(IOException failure, int failureCount) throws IOException {
      merge.requireWanted();
      merge.tries().awaitNext(failure, failureCount);
    }
  }

  @Override
  public void close() throws IOException {
    Merge.closeAll(inputs);
  }
}
