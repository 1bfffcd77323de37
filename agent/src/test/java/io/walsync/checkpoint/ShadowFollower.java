package io.walsync.checkpoint;

import io.walsync.capture.DatabaseFile;
import io.walsync.capture.WalBatch;
import io.walsync.capture.WalFile;
import io.walsync.capture.WalTail;
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
  private long foundCount;
  private int gapCount;
  private int resyncCount;
  private int restartCount;

  ShadowFollower(File database, int pageSize) throws IOException {
    this.file = DatabaseFile.of(database);
    this.wal = new WalFile(WalFile.pathOf(database));
    this.tail = new WalTail(wal, pageSize);
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
    if (tail.startAtBeginning()) {
      tail.advanceToEnd();
      take();
    }
  }

  /** As one turn of the agent's: a quick look. */
  boolean turn() throws IOException {
    return found(tail.advance());
  }

  @Override
  public void look() throws IOException {
    found(tail.advanceToEnd());
  }

  private boolean found(WalTail.Advance advance) throws IOException {
    switch (advance) {
      case COMMITS:
        foundCount++;
        return true;
      case NOTHING:
        return false;
      case RESTARTED:
        if (!tail.hasBatch() && tail.isNextRun()) {
          restartCount++;
          tail.startAtBeginning();
          tail.advanceToEnd();
          foundCount += tail.hasBatch() ? 1 : 0;
          return tail.hasBatch();
        }
        break;
      default:
        if (tail.position() == null) {
          return false;
        }
    }
    // A first transaction that was rolled back after it had spilled leaves a run without a commit;
    // who then begins that run again gives it salts of its own.
    boolean isRunWithoutCommit =
        advance == WalTail.Advance.RESTARTED && tail.frameCount() == 0 && !tail.hasBatch();
    gapCount += isRunWithoutCommit ? 0 : 1;
    resyncCount++;
    copyWhole();
    return true;
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
  public long foundCount() {
    return foundCount;
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

  /** How often the whole database was copied again. */
  int resyncCount() {
    return resyncCount;
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
