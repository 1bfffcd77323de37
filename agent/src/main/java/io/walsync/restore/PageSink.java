package io.walsync.restore;

import java.io.IOException;

/** Where restored pages go. Each page is written at most once, from any thread, in any order. */
interface PageSink {

  /** For a proof alone. */
  PageSink NOWHERE =
      new PageSink() {
        @Override
        public void write(byte[] pages, int length, long offset) {}
      };

  /**
   * Writes some pages that lie side by side.
   *
   * @param offset where in the database file
   */
  void write(byte[] pages, int length, long offset) throws IOException;
}
