package io.walsync.it.harness;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;

/**
 * Goes through every state that a replica holds, one LTX file after the other, in one database file
 * that is always the newest applied. A reader of its own, small because it trusts the files.
 */
public final class StateWalk {

  private static final int PAGE_SIZE_OFFSET = 8;
  private static final int FRAME_HEADER_BYTES = 6;
  private static final int FLAGS_OFFSET = 4;
  private static final int BLOCK_FLAG = 1;
  private static final int LENGTH_BYTES = 4;

  private final Path database;
  private long txid;

  public StateWalk(Path database) {
    this(database, 0);
  }

  /** From a file that is the state at that TXID. */
  public StateWalk(Path database, long txid) {
    this.database = database;
    this.txid = txid;
  }

  public Path database() {
    return database;
  }

  /** The TXID last applied; 0 before the first. */
  public long txid() {
    return txid;
  }

  /** Applies one file: a snapshot at the start, then each TXID in turn. */
  public void apply(byte[] file, long maxTxid) {
    ByteBuffer header = ByteBuffer.wrap(file);
    int pageSize = header.getInt(PAGE_SIZE_OFFSET);
    try (RandomAccessFile target = new RandomAccessFile(database.toFile(), "rw")) {
      for (LtxIndex.Entry entry : LtxIndex.entries(file)) {
        target.seek((entry.pgno() - 1L) * pageSize);
        target.write(page(file, entry, pageSize));
      }
      target.setLength((long) LtxIndex.commitPageCount(file) * pageSize);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    txid = maxTxid;
  }

  private static byte[] page(byte[] file, LtxIndex.Entry entry, int pageSize) throws IOException {
    int flags = ByteBuffer.wrap(file).getShort(entry.offset() + FLAGS_OFFSET);
    int start = entry.offset() + FRAME_HEADER_BYTES;
    int end = entry.offset() + entry.length();
    if (flags == BLOCK_FLAG) {
      byte[] block = Arrays.copyOfRange(file, start + LENGTH_BYTES, end);
      byte[] page = new byte[pageSize];
      LZ4Factory.safeInstance().safeDecompressor().decompress(block, page);
      return page;
    }
    try (InputStream frame =
        new LZ4FrameInputStream(new ByteArrayInputStream(file, start, end - start))) {
      return frame.readNBytes(pageSize);
    }
  }
}
