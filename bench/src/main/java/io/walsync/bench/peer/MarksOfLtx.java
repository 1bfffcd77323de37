package io.walsync.bench.peer;

import io.walsync.bench.app.CommitMark;
import io.walsync.ltx.LtxDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Looks for commits' marks in the pages of an LTX file. */
final class MarksOfLtx {

  private MarksOfLtx() {}

  static long newestIn(byte[] object) throws IOException {
    LtxDecoder decoder = new LtxDecoder(new ByteArrayInputStream(object));
    byte[] page = new byte[decoder.header().pageSize()];
    long newest = CommitMark.NONE;
    while (decoder.nextPage(page) != 0) {
      newest = Math.max(newest, CommitMark.newestIn(page));
    }
    return newest;
  }
}
