package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageList;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;

/**
 * The checksum of every page as of the last captured commit: 8 bytes a page, on disk. It tells
 * which pages changed while nobody was looking, without the pages themselves.
 *
 * <p>Threading: one thread at a time.
 */
public final class PageChecksums implements Closeable {

  /** Entry of a page that does not exist (and of the lock page); real checksums have bit 63 set. */
  public static final long NONE = 0;

  private static final int ENTRY_BYTES = 8;

  /** Entries read and written together: one file system block of 4 KB. */
  private static final int BLOCK_ENTRIES = 512;

  private static final int MEASURED_BYTES = 64 * 1024;

  /** Of a file, recorded at once: 96 KB of memory. */
  private static final int RECORDED_PAGES = 8192;

  /** Receives what is recorded, before the table has it. */
  public interface Recorded {
    void page(int pgno, long checksum, byte[] page) throws IOException;
  }

  private final Disk disk;
  private final File path;
  private RandomAccessFile file;

  /** Of all entries, exclusive or: an entry holds its page's number, so the order is in it too. */
  private long digest;

  public PageChecksums(Disk disk, File path) {
    this.disk = disk;
    this.path = path;
  }

  /**
   * A digest of all entries, kept up to date by what changes them. Zero for an empty table, and
   * meaningless before {@link #measure()} for one that an earlier process left.
   */
  public long digest() {
    return digest;
  }

  /** Reads the whole table, 8 bytes a page, to know its digest. */
  public void measure() throws IOException {
    RandomAccessFile open = open();
    long found = 0;
    open.seek(0);
    byte[] bytes = new byte[measuredBytes(open.length())];
    int filled = 0;
    for (int count = open.read(bytes);
        count >= 0;
        count = open.read(bytes, filled, bytes.length - filled)) {
      filled += count;
      int whole = filled / ENTRY_BYTES * ENTRY_BYTES;
      found ^= fold(bytes, whole);
      System.arraycopy(bytes, whole, bytes, 0, filled - whole);
      filled -= whole;
    }
    digest = found;
  }

  /**
   * As much as there is, so that a thousand small databases do not leave a heap of large buffers.
   */
  private static int measuredBytes(long length) {
    return (int) Math.min(MEASURED_BYTES, (length / ENTRY_BYTES + 1) * ENTRY_BYTES);
  }

  private static long fold(byte[] entries, int length) {
    ByteBuffer buffer = ByteBuffer.wrap(entries, 0, length);
    long folded = 0;
    while (buffer.hasRemaining()) {
      folded ^= buffer.getLong();
    }
    return folded;
  }

  /**
   * The checksum last set for a page, or {@link #NONE}. Sequential reads are cheap through {@link
   * #read}.
   */
  public long get(int pgno) throws IOException {
    long[] one = new long[1];
    read(pgno, one, 1);
    return one[0];
  }

  /**
   * Reads the entries of {@code count} pages from {@code firstPgno} on; those beyond the end are
   * {@link #NONE}.
   */
  public void read(int firstPgno, long[] target, int count) throws IOException {
    byte[] bytes = new byte[count * ENTRY_BYTES];
    readFully((firstPgno - 1L) * ENTRY_BYTES, bytes, bytes.length);
    ByteBuffer.wrap(bytes).asLongBuffer().get(target, 0, count);
  }

  /**
   * Brings the table to the state that a file describes.
   *
   * @param each told every page
   */
  public void record(LtxDecoder file, Recorded each) throws IOException {
    if (file.header().isSnapshot()) {
      truncate(0);
    }
    PageList pages = new PageList();
    file.readAll(
        (pgno, page) -> {
          if (pages.size() == RECORDED_PAGES) {
            set(pages);
            pages.clear();
          }
          long checksum = PageChecksum.of(pgno, page, 0, page.length);
          pages.add(pgno, checksum);
          each.page(pgno, checksum, page);
        });
    set(pages);
    truncate(file.header().commit());
  }

  /**
   * Sets the entries of some pages.
   *
   * @param pages ascending
   */
  public void set(PageList pages) throws IOException {
    set(pages.pgnos(), pages.checksums(), pages.size());
  }

  /**
   * Sets the entries of some pages.
   *
   * @param pgnos ascending
   */
  public void set(int[] pgnos, long[] checksums, int count) throws IOException {
    int at = 0;
    while (at < count) {
      long blockStart = (pgnos[at] - 1L) / BLOCK_ENTRIES;
      int from = at;
      while (at < count && (pgnos[at] - 1L) / BLOCK_ENTRIES == blockStart) {
        at++;
      }
      setBlock(blockStart * BLOCK_ENTRIES, pgnos, checksums, from, at);
    }
  }

  /**
   * Sets the entries of some pages to {@link #NONE}: whatever they are, they differ.
   *
   * @param pgnos ascending
   */
  public void forget(int[] pgnos) throws IOException {
    set(pgnos, new long[pgnos.length], pgnos.length);
  }

  private void setBlock(long firstEntry, int[] pgnos, long[] checksums, int from, int to)
      throws IOException {
    long offset = firstEntry * ENTRY_BYTES;
    int first = (int) (pgnos[from] - 1 - firstEntry);
    int last = (int) (pgnos[to - 1] - 1 - firstEntry);
    int length = (last - first + 1) * ENTRY_BYTES;
    byte[] block = new byte[length];
    readFully(offset + (long) first * ENTRY_BYTES, block, length);
    long before = fold(block, length);
    ByteBuffer entries = ByteBuffer.wrap(block);
    for (int i = from; i < to; i++) {
      entries.putLong((int) (pgnos[i] - 1 - firstEntry - first) * ENTRY_BYTES, checksums[i]);
    }
    RandomAccessFile open = open();
    open.seek(offset + (long) first * ENTRY_BYTES);
    open.write(block, 0, length);
    digest ^= before ^ fold(block, length);
  }

  /** Forgets the pages beyond {@code commit}. */
  public void truncate(int commit) throws IOException {
    long length = (long) commit * ENTRY_BYTES;
    RandomAccessFile open = open();
    if (open.length() > length) {
      long removed = 0;
      byte[] bytes = new byte[measuredBytes(open.length() - length)];
      for (long at = length; at < open.length(); at += bytes.length) {
        readFully(at, bytes, bytes.length);
        removed ^= fold(bytes, bytes.length);
      }
      open.setLength(length);
      digest ^= removed;
    }
  }

  /** Makes every entry durable. */
  public void sync() throws IOException {
    if (file != null) {
      file.getFD().sync();
    }
  }

  private void readFully(long offset, byte[] target, int length) throws IOException {
    RandomAccessFile open = open();
    open.seek(offset);
    int filled = 0;
    while (filled < length) {
      int count = open.read(target, filled, length - filled);
      if (count < 0) {
        break;
      }
      filled += count;
    }
    java.util.Arrays.fill(target, filled, length, (byte) 0);
  }

  private RandomAccessFile open() throws IOException {
    if (file == null) {
      file = disk.open(path);
    }
    return file;
  }

  /** Closes the file; the next call opens it again. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      RandomAccessFile closing = file;
      file = null;
      closing.close();
    }
  }
}
