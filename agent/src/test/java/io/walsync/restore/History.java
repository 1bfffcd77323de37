package io.walsync.restore;

import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxMerger;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** The life of a database and of its replica, and what the database was at each TXID. */
final class History {

  final MemoryReplica replica;
  final List<byte[]> states = new ArrayList<>();
  private final Random random;
  private final int pageSize;
  private final int maxPages;
  private byte[] database = new byte[0];

  History(MemoryReplica replica, Random random, int pageSize, int maxPages) {
    this.replica = replica;
    this.random = random;
    this.pageSize = pageSize;
    this.maxPages = maxPages;
    states.add(database);
  }

  int txid() {
    return states.size() - 1;
  }

  /** One transaction: grows, shrinks or only changes pages, and lands at level 0. */
  LtxFileInfo commit() throws IOException {
    int before = database.length / pageSize;
    int commit = random.nextInt(3) == 0 ? 1 + random.nextInt(maxPages) : Math.max(1, before);
    database = Arrays.copyOf(database, commit * pageSize);
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    for (int pgno = 1; pgno <= commit; pgno++) {
      if (pgno > before || random.nextInt(4) == 0) {
        byte[] page = page();
        pages.put(pgno, page);
        System.arraycopy(page, 0, database, (pgno - 1) * pageSize, pageSize);
      }
    }
    states.add(database.clone());
    return put(0, txid(), txid(), commit, pages);
  }

  /** A full copy at level 9. */
  LtxFileInfo snapshot() throws IOException {
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    for (int at = 0; at < database.length; at += pageSize) {
      pages.put(at / pageSize + 1, Arrays.copyOfRange(database, at, at + pageSize));
    }
    return put(9, 1, txid(), pages.size(), pages);
  }

  /** Merges files of one level into one of the next, as compaction does. */
  LtxFileInfo compact(int level, int min, int max) throws IOException {
    List<LtxDecoder> inputs = new ArrayList<>();
    for (LtxFileInfo file : replica.all()) {
      if (file.level() == level && file.minTxid().value() >= min && file.maxTxid().value() <= max) {
        inputs.add(new LtxDecoder(new ByteArrayInputStream(replica.content(file))));
      }
    }
    LtxMerger merger = new LtxMerger(inputs);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    merger.mergeInto(new LtxEncoder(out, merger.header(), encoding()));
    return replica.put(level + 1, min, max, millis(max), out.toByteArray());
  }

  static long millis(long txid) {
    return 1_700_000_000_000L + 1000 * txid;
  }

  LtxFileInfo put(int level, long min, long max, int commit, SortedMap<Integer, byte[]> pages)
      throws IOException {
    return replica.put(
        level, min, max, millis(max), ltx(pageSize, min, max, commit, pages, encoding()));
  }

  static byte[] ltx(
      int pageSize,
      long min,
      long max,
      int commit,
      SortedMap<Integer, byte[]> pages,
      PageEncoding encoding)
      throws IOException {
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(pageSize)
            .commit(commit)
            .minTxid(Txid.of(min))
            .maxTxid(Txid.of(max))
            .timestampMillis(millis(max))
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    for (int pgno : pages.keySet()) {
      encoder.writePage(pgno, pages.get(pgno), 0);
    }
    encoder.finish();
    return out.toByteArray();
  }

  private PageEncoding encoding() {
    return PageEncoding.values()[random.nextInt(2)];
  }

  private byte[] page() {
    byte[] page = new byte[pageSize];
    if (random.nextBoolean()) {
      random.nextBytes(page);
    } else {
      Arrays.fill(page, (byte) random.nextInt());
    }
    return page;
  }
}
