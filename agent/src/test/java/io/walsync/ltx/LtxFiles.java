package io.walsync.ltx;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whole LTX files in memory, for tests. */
final class LtxFiles {

  private LtxFiles() {}

  static byte[] write(LtxHeader header, PageEncoding encoding, SortedMap<Integer, byte[]> pages)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    for (int pgno : pages.keySet()) {
      encoder.writePage(pgno, pages.get(pgno), 0);
    }
    encoder.finish();
    return out.toByteArray();
  }

  /** Pages as buffers, which compare by content. */
  static SortedMap<Integer, ByteBuffer> read(byte[] file) throws IOException {
    LtxDecoder decoder = new LtxDecoder(new ByteArrayInputStream(file));
    TreeMap<Integer, ByteBuffer> pages = new TreeMap<>();
    while (true) {
      byte[] page = new byte[decoder.header().pageSize()];
      int pgno = decoder.nextPage(page);
      if (pgno == 0) {
        return pages;
      }
      pages.put(pgno, ByteBuffer.wrap(page));
    }
  }

  static SortedMap<Integer, ByteBuffer> wrap(Map<Integer, byte[]> pages) {
    TreeMap<Integer, ByteBuffer> wrapped = new TreeMap<>();
    pages.forEach((pgno, page) -> wrapped.put(pgno, ByteBuffer.wrap(page)));
    return wrapped;
  }

  static LtxHeader.Builder header(int pageSize, int commit, long minTxid, long maxTxid) {
    return LtxHeader.builder()
        .pageSize(pageSize)
        .commit(commit)
        .minTxid(Txid.of(minTxid))
        .maxTxid(Txid.of(maxTxid))
        .timestampMillis(1_700_000_000_000L + maxTxid);
  }

  /** A page of one of the kinds that databases hold: zero, text, random, or a mixture. */
  static byte[] page(Random random, int pageSize) {
    byte[] page = new byte[pageSize];
    int kind = random.nextInt(4);
    if (kind == 1) {
      for (int i = 0; i < pageSize; i++) {
        page[i] = (byte) ("etaoin shrdlu".charAt(random.nextInt(13)));
      }
    } else if (kind == 2) {
      random.nextBytes(page);
    } else if (kind == 3) {
      int period = 1 + random.nextInt(40);
      for (int i = 0; i < pageSize; i++) {
        page[i] = (byte) (random.nextInt(60) == 0 ? random.nextInt() : i % period);
      }
    }
    return page;
  }

  /** Pages 1 to {@code commit} without the lock page. */
  static SortedMap<Integer, byte[]> pages(Random random, int pageSize, int commit) {
    TreeMap<Integer, byte[]> pages = new TreeMap<>();
    for (int pgno = 1; pgno <= commit; pgno++) {
      pages.put(pgno, page(random, pageSize));
    }
    return pages;
  }
}
