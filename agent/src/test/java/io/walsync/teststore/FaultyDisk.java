package io.walsync.teststore;

import io.walsync.io.Disk;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.function.Supplier;

/**
 * A disk whose Nth operation fails, or every one from then on, in the way a test wants; and one
 * that is full.
 */
public final class FaultyDisk extends Disk {

  private static final long NEVER = Long.MAX_VALUE;

  private Supplier<Throwable> failure = () -> new IOException("No space left on device");
  private long firstFailing = NEVER;
  private long lastFailing = NEVER;
  private long callCount;
  private long freeBytes = NEVER;

  /** Only the {@code n}th operation from here on fails; 1 is the next. */
  public synchronized void failNth(long n, Supplier<Throwable> withWhat) {
    failure = withWhat;
    callCount = 0;
    firstFailing = n;
    lastFailing = n;
  }

  /** Every operation that changes something fails until {@link #heal}. */
  public synchronized void failAlways(Supplier<Throwable> withWhat) {
    failNth(1, withWhat);
    lastFailing = NEVER;
  }

  /** As a kill before the {@code n}th operation from here on: nothing changes any more. */
  public synchronized void killBefore(long n) {
    failNth(n, () -> new IOException("killed"));
    lastFailing = NEVER;
  }

  public synchronized void heal() {
    firstFailing = NEVER;
    freeBytes = NEVER;
  }

  /** What the disk says it has left. */
  public synchronized void setFreeBytes(long bytes) {
    freeBytes = bytes;
  }

  /** Operations since the last {@link #failNth}, those that failed included. */
  public synchronized long callCount() {
    return callCount;
  }

  private void step() throws IOException {
    Throwable thrown;
    synchronized (this) {
      callCount++;
      boolean isFailing = callCount >= firstFailing && callCount <= lastFailing;
      thrown = isFailing ? failure.get() : null;
    }
    if (thrown instanceof IOException) {
      throw (IOException) thrown;
    }
    if (thrown instanceof RuntimeException) {
      throw (RuntimeException) thrown;
    }
    if (thrown instanceof Error) {
      throw (Error) thrown;
    }
  }

  @Override
  public void createFolder(File folder) throws IOException {
    step();
    super.createFolder(folder);
  }

  @Override
  public FileOutputStream create(File file) throws IOException {
    step();
    return new FileOutputStream(file) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        step();
        super.write(bytes, offset, length);
      }

      @Override
      public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
      }
    };
  }

  @Override
  public RandomAccessFile open(File file) throws IOException {
    step();
    return new RandomAccessFile(file, "rw") {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        step();
        super.write(bytes, offset, length);
      }

      @Override
      public void setLength(long length) throws IOException {
        step();
        super.setLength(length);
      }
    };
  }

  @Override
  public FileInputStream read(File file) throws IOException {
    step();
    return super.read(file);
  }

  @Override
  public void rename(File from, File to) throws IOException {
    step();
    super.rename(from, to);
  }

  @Override
  public void delete(File file) throws IOException {
    step();
    super.delete(file);
  }

  @Override
  public synchronized long freeBytes(File folder) {
    return Math.min(freeBytes, super.freeBytes(folder));
  }
}
