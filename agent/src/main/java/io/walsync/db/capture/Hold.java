package io.walsync.db.capture;

import io.walsync.db.checkpoint.Checkpointer;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.db.tail.DatabaseImage;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalFile;
import io.walsync.db.tail.WalTail;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.io.Clock;
import io.walsync.ltx.PageEncoding;
import io.walsync.sqlite.HostDriver;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the agent has open on a database while it captures: the WAL, a place in it and, as a rule, a
 * pin. There is none while it follows a connection that is about to close, or the sole connection
 * ({@link SoleHold}).
 *
 * <p>Threading: one thread at a time, the database's.
 */
public class Hold implements Closeable {

  /**
   * Offset in the database header of the size in pages; valid if the two counters that follow
   * agree.
   */
  private static final int PAGE_COUNT_OFFSET = 28;

  private static final int CHANGE_COUNTER_OFFSET = 24;
  private static final int VALID_FOR_OFFSET = 92;

  private final File path;
  private final DatabaseFile file;
  private final int pageSize;
  private final WalFile wal;
  private final WalTail tail;
  private final Pins pins;

  Hold(File path, DatabaseFile file, WalFile wal, WalTail tail, Pins pins) throws IOException {
    file.addReader();
    this.path = path;
    this.file = file;
    this.pageSize = file.pageSize();
    this.wal = wal;
    this.tail = tail;
    this.pins = pins;
  }

  private static Hold of(File path, DatabaseFile file, Pins pins) throws IOException {
    WalFile wal = new WalFile(WalFile.pathOf(path));
    return new Hold(path, file, wal, new WalTail(path, wal, file.pageSize()), pins);
  }

  /**
   * A hold with a pin.
   *
   * @throws IOException if the file was deleted a while ago
   */
  public static Hold pinning(File path, DatabaseFile file, HostDriver driver) throws IOException {
    return of(path, file, new Pins(driver, path));
  }

  /**
   * A hold without a pin beside a connection that is about to close.
   *
   * @throws IOException if the file was deleted a while ago
   */
  public static Hold following(File path, DatabaseFile file) throws IOException {
    return of(path, file, Pins.none(path));
  }

  public DatabaseFile file() {
    return file;
  }

  public int pageSize() {
    return pageSize;
  }

  /** Whether one connection of the application's has the database to itself. */
  public boolean isAlone() {
    return false;
  }

  /** Whether the sole connection has given the database up. */
  public boolean isOver() {
    return false;
  }

  /** Whether there is a commit in the WAL of which it is not known whether it counts. */
  public boolean isInDoubt() {
    return false;
  }

  /** Whether nothing can be overwritten before it is copied. */
  public boolean isProtected() {
    return pins.isHeld();
  }

  /**
   * Checks that the sole connection has changed nothing of what was read since the last look.
   *
   * @throws WalChangedException if it has begun a checkpoint without waiting any longer
   */
  public void requireUndisturbed() throws WalChangedException {}

  public Pins pins() {
    return pins;
  }

  public WalTail tail() {
    return tail;
  }

  public WalFile wal() {
    return wal;
  }

  public Capture capture(Staging staging, PageEncoding encoding) {
    return new Capture(file, wal, tail, staging, encoding);
  }

  public Checkpointer checkpointer(Turnstile turnstile, Capture capture, Clock clock) {
    return new Checkpointer(pins, turnstile, capture, clock);
  }

  /**
   * Sets the tail to the saved position, if nothing can have been missed: the WAL still has the
   * frames that were captured, or there was no WAL and the database file has not been written
   * since.
   *
   * @return false if that cannot be proved
   */
  public boolean continueFrom(Position position) throws IOException {
    if (position.pageSize() != pageSize) {
      return false;
    }
    if (position.wal() != null) {
      // If the database file was replaced, the old WAL beside it proves nothing about the new one.
      return position.walDatabase().equals(file.key().toString()) && tail.startAt(position.wal());
    }
    if (!FileIdentity.of(path).text().equals(position.closedDatabase())) {
      return false;
    }
    tail.startAtBeginning();
    return true;
  }

  /**
   * The whole database at its last commit. Afterwards the tail is at that commit; later commits are
   * a batch of their own.
   *
   * @throws WalChangedException if the WAL cannot be read from its beginning
   */
  public DatabaseImage image(DatabaseImage.Kept kept, DatabaseImage.Reading reading)
      throws IOException {
    tail.startAtBeginning();
    if (tail.advance() == WalTail.Advance.GAP) {
      throw new WalChangedException(tail.gap());
    }
    int commit = tail.hasBatch() ? tail.batch().commit() : pageCountInFile();
    return new DatabaseImage(
        file, wal, tail.takePages(), tail.position(), commit, pageSize, kept, reading);
  }

  private int pageCountInFile() throws IOException {
    byte[] first = new byte[pageSize];
    file.readPage(1, first);
    boolean isValid =
        intAt(first, CHANGE_COUNTER_OFFSET) == intAt(first, VALID_FOR_OFFSET)
            && intAt(first, PAGE_COUNT_OFFSET) != 0;
    return isValid
        ? intAt(first, PAGE_COUNT_OFFSET)
        : (int) ((file.sizeBytes() + pageSize - 1) / pageSize);
  }

  private static int intAt(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes).getInt(offset);
  }

  /** Closes the agent's connections to the database. */
  public void releasePins() {
    pins.close();
  }

  @Override
  public void close() throws IOException {
    try {
      pins.close();
      wal.close();
    } finally {
      tail.close();
      file.removeReader();
    }
  }
}
