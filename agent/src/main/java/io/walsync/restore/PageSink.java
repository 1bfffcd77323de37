package io.walsync.restore;

import java.io.IOException;

/** Where restored pages go. Each page is written at most once, from any thread, in any order. */
interface PageSink {

  /** Writes nothing: for a proof. */
  PageSink NOWHERE =
      new PageSink() {
        @Override
        public void write(byte[] pages, int length, long offset) {}
      };

  /**
   * Writes some pages that lie side by side.
   *
   * @param offset byte offset in the database file
   */
  void write(byte[] pages, int length, long offset) throws IOException;
}
