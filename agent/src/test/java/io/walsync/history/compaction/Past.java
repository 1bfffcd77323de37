package io.walsync.history.compaction;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Pgno;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** The life of a database as its replica holds it, and what it was at each TXID. */
public final class Past {

  public static final long FIRST_MILLIS = 1_700_000_000_000L;

  public final Map<Long, byte[]> states = new HashMap<>();
  public final Map<Long, Long> times = new HashMap<>();
  private final ReplicaClient client;
  private final Random random;
  private final int pageSize;
  private byte[] database = new byte[0];
  public long txid;
  public long millis = FIRST_MILLIS;
  public long epoch = 1;

  /** Of the newest file. */
  public byte[] content = new byte[0];

  /** By how much what is recorded is not the checksum. */
  public long wrongChecksum;

  public PageEncoding encoding = PageEncoding.LZ4_FRAME;

  public Past(ReplicaClient client, Random random, int pageSize) throws IOException {
    this.client = client;
    this.random = random;
    this.pageSize = pageSize;
  }

  /** The first state, a snapshot as the agent writes it. */
  public Past begin(int pages) throws IOException {
    resize(pages);
    txid = 1;
    put(9, 1);
    return this;
  }

  /** One sync: changes, grows or shrinks. */
  public LtxFileInfo commit(int pages) throws IOException {
    byte[] before = resize(pages);
    txid++;
    return put(0, txid, before);
  }

  /** A file without pages, as a takeover writes it. */
  public void fence() throws IOException {
    txid++;
    put(0, txid, database);
  }

  /** A whole image, beside the chain. */
  public void snapshot() throws IOException {
    put(9, 1);
  }

  /** A whole image in place of the files that nobody could capture. */
  public void gap(int missing, int pages) throws IOException {
    resize(pages);
    txid += missing + 1;
    put(9, 1);
  }

  private byte[] resize(int pages) {
    byte[] before = database;
    int old = before.length / pageSize;
    database = Arrays.copyOf(before, pages * pageSize);
    for (int pgno = 1; pgno <= pages; pgno++) {
      if (pgno != Pgno.lockPage(pageSize) && (pgno > old || random.nextInt(5) == 0)) {
        byte[] page = new byte[pageSize];
        if (random.nextBoolean()) {
          random.nextBytes(page);
        } else {
          Arrays.fill(page, (byte) random.nextInt());
        }
        System.arraycopy(page, 0, database, (pgno - 1) * pageSize, pageSize);
      }
    }
    return before;
  }

  private LtxFileInfo put(int level, long min) throws IOException {
    return put(level, min, new byte[0]);
  }

  private LtxFileInfo put(int level, long min, byte[] before) throws IOException {
    byte[] bytes = ltx(min, before);
    content = bytes;
    LtxFileInfo file =
        new LtxFileInfo(level, Txid.of(min), Txid.of(txid), bytes.length, timeOfState());
    long checksum = checksum();
    long now = epoch;
    client.write(
        file,
        new BytesSource(bytes) {
          @Override
          public long databaseChecksum() {
            return checksum;
          }

          @Override
          public long epoch() {
            return now;
          }
        },
        Sha256.hexOf(bytes));
    states.put(txid, database.clone());
    times.putIfAbsent(txid, millis);
    return file;
  }

  private byte[] ltx(long min, byte[] before) throws IOException {
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(pageSize)
            .commit(database.length / pageSize)
            .minTxid(Txid.of(min))
            .maxTxid(Txid.of(txid))
            .timestampMillis(timeOfState())
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    for (int at = 0; at < database.length; at += pageSize) {
      boolean isSame =
          at < before.length
              && Arrays.equals(database, at, at + pageSize, before, at, at + pageSize);
      if (!isSame) {
        encoder.writePage(at / pageSize + 1, database, at);
      }
    }
    encoder.finish();
    return out.toByteArray();
  }

  /** An image of a state is as old as the state. */
  private long timeOfState() {
    return times.getOrDefault(txid, millis);
  }

  /** Of the newest state, as LTX defines it. */
  public long checksum() {
    long checksum = Crc64.STORED_FLAG;
    for (int at = 0; at < database.length; at += pageSize) {
      checksum ^= PageChecksum.of(at / pageSize + 1, database, at, pageSize);
    }
    return Crc64.STORED_FLAG | checksum ^ wrongChecksum;
  }
}
