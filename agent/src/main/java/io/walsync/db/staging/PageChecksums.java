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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  private static final int BLOCK_BYTES = BLOCK_ENTRIES * ENTRY_BYTES;

  private static final int MEASURED_BYTES = 64 * 1024;

  /** Of a file, recorded at once: 96 KB of memory. */
  private static final int RECORDED_PAGES = 8192;

  /** Receives what is recorded, before the table has it. */
  public interface Recorded {
    void page(int pgno, long checksum, byte[] page) throws IOException;
  }

  private final Disk disk;
  private final File path;
  private @Nullable RandomAccessFile file;

  /** Of all entries, exclusive or: an entry holds its page's number, so the order is in it too. */
  private long digest;

  /**
   * Likewise of each block. What somebody else changes in one is found before the digest takes it
   * in, which would be recorded as the checksum of a database that never was.
   */
  private long[] blocks = {};

  /** Whether the digests are those of the file; false for one that an earlier process left. */
  private boolean isKnown;

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
    int count = (int) ((open().length() + BLOCK_BYTES - 1) / BLOCK_BYTES);
    long[] found = new long[count];
    long folded = 0;
    byte[] bytes = new byte[(int) Math.min(MEASURED_BYTES, (long) count * BLOCK_BYTES)];
    for (int block = 0; block < count; ) {
      readFully((long) block * BLOCK_BYTES, bytes, bytes.length);
      for (int at = 0; at < bytes.length && block < count; at += BLOCK_BYTES) {
        found[block] = fold(bytes, at, at + BLOCK_BYTES);
        folded ^= found[block++];
      }
    }
    blocks = found;
    digest = folded;
    isKnown = true;
  }

  private static long fold(byte[] entries, int from, int to) {
    ByteBuffer buffer = ByteBuffer.wrap(entries, from, to - from);
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
      int block = (pgnos[at] - 1) / BLOCK_ENTRIES;
      int from = at;
      while (at < count && (pgnos[at] - 1) / BLOCK_ENTRIES == block) {
        at++;
      }
      setBlock(block, pgnos, checksums, from, at);
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

  private void setBlock(int block, int[] pgnos, long[] checksums, int from, int to)
      throws IOException {
    int firstPgno = block * BLOCK_ENTRIES + 1;
    int first = (pgnos[from] - firstPgno) * ENTRY_BYTES;
    int end = (pgnos[to - 1] - firstPgno + 1) * ENTRY_BYTES;
    byte[] entries = readBlock(block, end);
    ByteBuffer buffer = ByteBuffer.wrap(entries);
    for (int i = from; i < to; i++) {
      buffer.putLong((pgnos[i] - firstPgno) * ENTRY_BYTES, checksums[i]);
    }
    RandomAccessFile open = open();
    open.seek((long) block * BLOCK_BYTES + first);
    open.write(entries, first, end - first);
    if (isKnown) {
      blocks = Arrays.copyOf(blocks, Math.max(blocks.length, block + 1));
      note(block, fold(entries, 0, entries.length));
    }
  }

  private void note(int block, long folded) {
    digest ^= blocks[block] ^ folded;
    blocks[block] = folded;
  }

  /**
   * Reads a block as far as there are entries, and to {@code leastBytes}.
   *
   * @throws StagingDamagedException if it is not as this process has left it
   */
  private byte[] readBlock(int block, int leastBytes) throws IOException {
    long offset = (long) block * BLOCK_BYTES;
    long thereBytes = Math.max(leastBytes, open().length() - offset);
    byte[] entries = new byte[(int) Math.min(BLOCK_BYTES, thereBytes)];
    readFully(offset, entries, entries.length);
    long left = block < blocks.length ? blocks[block] : 0;
    if (isKnown && fold(entries, 0, entries.length) != left) {
      throw new StagingDamagedException(
          path + " was changed while it was in use, or the disk gives it back otherwise");
    }
    return entries;
  }

  /** Forgets the pages beyond {@code commit}. */
  public void truncate(int commit) throws IOException {
    RandomAccessFile open = open();
    if (open.length() > (long) commit * ENTRY_BYTES) {
      int block = commit / BLOCK_ENTRIES;
      int keptBytes = commit % BLOCK_ENTRIES * ENTRY_BYTES;
      long kept = keptBytes == 0 ? 0 : fold(readBlock(block, keptBytes), 0, keptBytes);
      open.setLength((long) commit * ENTRY_BYTES);
      forgetFrom(block, kept);
    }
    isKnown |= commit == 0;
  }

  private void forgetFrom(int block, long kept) {
    for (int each = block; each < blocks.length; each++) {
      note(each, each == block ? kept : 0);
    }
    blocks = Arrays.copyOf(blocks, Math.min(blocks.length, block + 1));
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
    Arrays.fill(target, filled, length, (byte) 0);
  }

  private RandomAccessFile open() throws IOException {
    RandomAccessFile open = file;
    if (open == null) {
      open = disk.open(path);
      file = open;
      isKnown |= open.length() == 0;
    }
    return open;
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
