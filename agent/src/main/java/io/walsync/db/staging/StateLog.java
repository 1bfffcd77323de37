package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The {@code states} file: the checksum of the database after each TXID that was sealed here, or
 * that the replica was found to hold. It tells, without reading the replica, whether a database
 * that this process has not watched is an earlier state of the same database.
 *
 * <p>A head of 32 bytes (mark, first and last TXID of the records that the replica gave, their
 * number), then 16 bytes a record: TXID and checksum. A file that is missing, short or damaged is
 * never an error: {@link #read} returns from which TXID on all are known.
 *
 * <p>Threading: one thread at a time, the database's.
 */
@SuppressWarnings("ByteBufferBackingArray") // they are whole arrays, wrapped here
public final class StateLog {

  /**
   * Receives records: first those of the replica, in no order, then those that were sealed here.
   */
  public interface Records {
    void take(long txid, long checksum);
  }

  private static final long MARK = 0x57414c5354415445L;
  private static final int HEAD_BYTES = 32;
  private static final int RECORD_BYTES = 16;

  /**
   * Most records (16 MB); beyond it the older half is dropped. A day with a commit each second has
   * 86,400.
   */
  private static final int MAX_RECORDS = 1 << 20;

  private final Disk disk;
  private final File file;
  private final int maxRecords;

  StateLog(Disk disk, File file) {
    this(disk, file, MAX_RECORDS);
  }

  StateLog(Disk disk, File file, int maxRecords) {
    this.disk = disk;
    this.file = file;
    this.maxRecords = maxRecords;
  }

  /** Adds the state of a sealed TXID, which may be the first. */
  void append(long txid, long checksum) throws IOException {
    try (RandomAccessFile open = disk.open(file)) {
      long length = open.length();
      boolean isNew = length < HEAD_BYTES;
      byte[] bytes = new byte[(isNew ? HEAD_BYTES : 0) + RECORD_BYTES];
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      if (isNew) {
        buffer.putLong(MARK).putLong(txid).putLong(txid - 1).putLong(0);
      }
      buffer.putLong(txid).putLong(checksum);
      // A record that a kill has cut short is overwritten.
      open.seek(isNew ? 0 : length - (length - HEAD_BYTES) % RECORD_BYTES);
      open.write(bytes);
      length = open.length();
      if (length < HEAD_BYTES + (long) maxRecords * RECORD_BYTES) {
        return;
      }
    }
    forgetOlderHalf();
  }

  /**
   * Replaces all records by those that a replica was found to have.
   *
   * @param firstTxid from which on every state is among the records, up to {@code lastTxid}
   */
  public void begin(long firstTxid, long lastTxid, long[] txids, long[] checksums)
      throws IOException {
    int count = Math.min(txids.length, maxRecords / 2);
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + count * RECORD_BYTES);
    // The records are in no order, so if some do not fit, none of the range counts as complete.
    long first = count < txids.length ? lastTxid + 1 : firstTxid;
    bytes.putLong(MARK).putLong(first).putLong(lastTxid).putLong(count);
    for (int i = 0; i < count; i++) {
      bytes.putLong(txids[i]).putLong(checksums[i]);
    }
    replace(bytes);
  }

  /**
   * Reports all records.
   *
   * @return the TXID from which on every state is known; {@link Long#MAX_VALUE} if none is
   */
  public long read(Records records) throws IOException {
    ByteBuffer bytes = load();
    if (bytes == null) {
      return Long.MAX_VALUE;
    }
    long first = bytes.getLong();
    long next = bytes.getLong() + 1;
    long foundCount = bytes.getLong();
    for (long record = 0; bytes.remaining() >= RECORD_BYTES; record++) {
      long txid = bytes.getLong();
      long checksum = bytes.getLong();
      records.take(txid, checksum);
      if (record >= foundCount) {
        if (txid > next) {
          first = txid;
        }
        next = Math.max(next, txid + 1);
      }
    }
    return first;
  }

  private @Nullable ByteBuffer load() throws IOException {
    if (!file.exists()) {
      return null;
    }
    byte[] bytes;
    try (RandomAccessFile open = disk.open(file)) {
      bytes = new byte[(int) Math.min(Integer.MAX_VALUE / 2, open.length())];
      open.readFully(bytes);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length >= HEAD_BYTES && buffer.getLong() == MARK ? buffer : null;
  }

  private void forgetOlderHalf() throws IOException {
    ByteBuffer all = load();
    if (all == null) {
      delete();
      return;
    }
    all.getLong();
    long last = all.getLong();
    long foundCount = all.getLong();
    int dropped = maxRecords / 2;
    byte[] kept =
        Arrays.copyOfRange(all.array(), HEAD_BYTES + dropped * RECORD_BYTES, all.array().length);
    long keptFound = Math.max(0, foundCount - dropped);
    long end = keptFound > 0 ? last : ByteBuffer.wrap(kept).getLong() - 1;
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + kept.length);
    bytes.putLong(MARK).putLong(end + 1).putLong(end).putLong(keptFound).put(kept);
    replace(bytes);
  }

  private void replace(ByteBuffer bytes) throws IOException {
    File temp = new File(file.getPath() + AtomicFile.TEMP_SUFFIX);
    try (FileOutputStream out = disk.create(temp)) {
      out.write(bytes.array());
    }
    disk.rename(temp, file);
  }

  void delete() throws IOException {
    disk.delete(file);
  }
}
