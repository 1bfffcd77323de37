package io.walsync.db.checkpoint;

import io.walsync.db.tail.WalBatch;
import io.walsync.db.tail.WalFile;
import io.walsync.db.tail.WalTail;
import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalFrameHeader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Keeps a copy of a database that it makes from the WAL alone, once it has been copied whole. */
final class ShadowFollower implements WalFollower {

  private final DatabaseFile file;
  private final WalFile wal;
  private final WalTail tail;
  private final int pageSize;
  private final Map<Integer, byte[]> pages = new TreeMap<>();
  private int gapCount;
  private int restartCount;

  ShadowFollower(File database, int pageSize) throws IOException {
    this.file = DatabaseFile.of(database);
    this.wal = new WalFile(WalFile.pathOf(database));
    this.tail = new WalTail(database, wal, pageSize);
    this.pageSize = pageSize;
  }

  /** Copies the whole database under the pin that stands. */
  void copyWhole() throws IOException {
    pages.clear();
    for (int pgno = 1; (long) (pgno - 1) * pageSize < file.sizeBytes(); pgno++) {
      byte[] page = new byte[pageSize];
      file.readPage(pgno, page);
      pages.put(pgno, page);
    }
    tail.startAtBeginning();
    if (tail.advance() == WalTail.Advance.GAP) {
      throw new IOException(tail.gap());
    }
    take();
  }

  /** As one turn of the agent's. */
  boolean turn() throws IOException {
    long run = salts();
    switch (tail.advance()) {
      case COMMITS:
        restartCount += run != salts() ? 1 : 0;
        return true;
      case NOTHING:
        return false;
      default:
        gapCount++;
        copyWhole();
        return true;
    }
  }

  private long salts() {
    return tail.position() == null
        ? 0
        : (long) tail.position().salt1() << 32 | tail.position().salt2() & 0xffffffffL;
  }

  @Override
  public WalCount count() throws IOException {
    return tail.count();
  }

  @Override
  public void look() throws IOException {
    turn();
  }

  @Override
  public boolean isWriteUnderWay() throws IOException {
    return tail.isFrameBehind();
  }

  @Override
  public void copy() throws IOException {
    look();
    take();
  }

  private void take() throws IOException {
    if (!tail.hasBatch()) {
      return;
    }
    WalBatch batch = tail.batch();
    byte[] frame = new byte[WalFrameHeader.SIZE + pageSize];
    for (int pgno : batch.pages().sortedPgnos(batch.commit())) {
      if (wal.read(batch.pages().get(pgno), frame, frame.length) != frame.length) {
        throw new IOException("a frame is gone");
      }
      byte[] page = new byte[pageSize];
      System.arraycopy(frame, WalFrameHeader.SIZE, page, 0, pageSize);
      pages.put(pgno, page);
    }
    pages.keySet().removeIf(pgno -> pgno > batch.commit());
    tail.taken();
  }

  @Override
  public long frameCount() {
    return tail.frameCount();
  }

  long runBytes() {
    return tail.runBytes();
  }

  /** How often something had been lost from the WAL. */
  int gapCount() {
    return gapCount;
  }

  int restartCount() {
    return restartCount;
  }

  void writeTo(Path target) throws IOException {
    byte[] all = new byte[pages.size() * pageSize];
    int at = 0;
    for (byte[] page : pages.values()) {
      System.arraycopy(page, 0, all, at, pageSize);
      at += pageSize;
    }
    Files.write(target, all);
  }
}
