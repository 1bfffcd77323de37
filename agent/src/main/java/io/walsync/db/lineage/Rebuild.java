package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.StateLog;
import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Local state made anew from the replica: the checksum of every page as the replica has it, and of
 * the database at every TXID that can still be seen. Where it is known without reading that the
 * database has the replica's newest state, the replica is not read.
 *
 * <p>Runs on an upload thread while nothing else uses the staging folder.
 */
public final class Rebuild {

  /** What the replica holds. */
  public static final class Result {
    /** Of its newest file. */
    public final Position position;

    /** Null if the replica was not read: the table is the database's own, at the newest state. */
    final @Nullable History history;

    final long newestChecksum;

    /** Null if whole pages told enough. */
    final @Nullable Content content;

    Result(
        Position position,
        @Nullable History history,
        @Nullable Content content,
        long newestChecksum) {
      this.position = position;
      this.history = history;
      this.content = content;
      this.newestChecksum = newestChecksum;
    }

    /** Notes the states that the replica was found to hold. */
    public void saveStatesTo(StateLog states) throws IOException {
      if (history != null) {
        history.saveTo(states);
      } else {
        long newest = position.uploadedTxid();
        states.begin(newest, newest, new long[] {newest}, new long[] {newestChecksum});
      }
    }
  }

  private static final int BUFFER_BYTES = 256 * 1024;

  private final ReplicaClient client;
  private final PageChecksums table;
  private final @Nullable Baseline baseline;
  private final @Nullable RestoredState restored;
  private final long knownTxid;
  private final Consumer<Txid> announcement;

  /**
   * @param baseline null if nothing is known of the database
   * @param restored what a restore left, or null
   * @param knownTxid see {@link Evidence#knownTxid}
   * @param announcement told before a replica is read
   */
  public Rebuild(
      ReplicaClient client,
      PageChecksums table,
      @Nullable Baseline baseline,
      @Nullable RestoredState restored,
      long knownTxid,
      Consumer<Txid> announcement) {
    this.client = client;
    this.table = table;
    this.baseline = baseline;
    this.restored = restored;
    this.knownTxid = knownTxid;
    this.announcement = announcement;
  }

  public Result run() throws IOException {
    List<LtxFileInfo> files = ReplicaFiles.list(client);
    RestorePlan plan = RestorePlan.ofOwn(client, files, RestoreTarget.latest());
    files.removeAll(plan.foreign());
    Result known = known(plan);
    if (known != null) {
      return known;
    }
    announcement.accept(plan.txid());
    List<LtxFileInfo> steps = HistorySteps.of(files, plan);
    try {
      return read(steps, true);
    } catch (LtxFormatException | LtxFileMissingException e) {
      if (steps.equals(plan.files())) {
        throw e;
      }
      // What is wrong is older than what a restore would read.
      return read(plan.files(), false);
    }
  }

  private @Nullable Result known(RestorePlan plan) throws IOException {
    LtxFileInfo newest = plan.newest();
    if (baseline == null) {
      return null;
    }
    long checksum = checksumOf(newest);
    int state = checksum == 0 ? -1 : baseline.find(checksum);
    if (state < 0) {
      return null;
    }
    LtxHeader header = ReplicaFiles.header(client, newest);
    boolean isSame =
        header.maxTxid().equals(plan.txid())
            && header.pageSize() == baseline.pageSize()
            && header.commit() == baseline.commit(state);
    return isSame ? new Result(Position.after(header), null, null, checksum) : null;
  }

  /** Of the database after the newest file, as was recorded beside it or by a restore; or 0. */
  private long checksumOf(LtxFileInfo newest) throws IOException {
    long recorded = client.recordedDatabaseChecksum(newest);
    if (recorded != 0 || restored == null) {
      return recorded;
    }
    boolean isNoted =
        restored.txid().equals(newest.maxTxid())
            && restored.newestSizeBytes() == newest.sizeBytes();
    return isNoted ? restored.checksum() : 0;
  }

  private Result read(List<LtxFileInfo> files, boolean isWhole) throws IOException {
    History history = new History(isWhole, baseline, table, knownBefore(files));
    LtxHeader newest = null;
    table.truncate(0);
    table.measure();
    for (LtxFileInfo file : files) {
      newest = apply(file, history);
    }
    assert newest != null : "a plan without a file";
    boolean isAsked = isContentAsked(history, newest.commit());
    Content content = isAsked ? content(files, history, newest) : null;
    return new Result(Position.after(newest), history, content, history.newestChecksum());
  }

  private boolean isContentAsked(History history, int commit) throws IOException {
    Baseline seen = baseline;
    if (seen == null) {
      return false;
    }
    boolean isFound =
        seen.find(history.newestChecksum()) >= 0
            || history.isNewestPresent()
            || history.txidBehind() > 0
            || seen.newestTxid(history::txidOf) > 0;
    if (isFound) {
      return false;
    }
    Changes.Trace trace = history.changes().in(seen, table, commit, null);
    return !trace.isWhole();
  }

  /** Reads the files once more: only now it is known which pages matter. */
  private Content content(List<LtxFileInfo> files, History history, LtxHeader newest)
      throws IOException {
    Content content =
        new Content(history.changes(), history.free(), newest.commit(), newest.pageSize());
    for (LtxFileInfo file : files) {
      try (InputStream in = open(file)) {
        LtxDecoder decoder = decoder(in, file);
        LtxHeader header = decoder.header();
        content.begin(header);
        decoder.readAll((pgno, page) -> content.add(header, pgno, page));
        content.end(header);
      }
    }
    return content;
  }

  private InputStream open(LtxFileInfo file) throws IOException {
    return new BufferedInputStream(client.open(file, 0, Long.MAX_VALUE), BUFFER_BYTES);
  }

  private LtxDecoder decoder(InputStream in, LtxFileInfo file) throws IOException {
    return new LtxDecoder(in, client.url() + " " + file.fileName());
  }

  /** What came after it tells whether the database has the newest state; 0 if none is known. */
  private long knownBefore(List<LtxFileInfo> files) {
    return knownTxid < files.get(files.size() - 1).maxTxid().value() ? Math.max(0, knownTxid) : 0;
  }

  private LtxHeader apply(LtxFileInfo file, History history) throws IOException {
    try (InputStream in = open(file)) {
      LtxDecoder decoder = decoder(in, file);
      LtxHeader header = decoder.header();
      history.begin(header);
      table.record(decoder, history::page);
      history.add(header, Crc64.STORED_FLAG | table.digest());
      return header;
    }
  }
}
