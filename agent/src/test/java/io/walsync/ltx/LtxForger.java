package io.walsync.ltx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes LTX files with correct checksums that break any other rule. */
public final class LtxForger {

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private long crc;
  private long postApplyChecksum;

  public LtxForger(LtxHeader header) {
    this(header.encode());
  }

  public LtxForger(byte[] header) {

    append(header);
  }

  public LtxForger page(int pgno, byte[] page) {
    byte[] frame = new byte[PageFrame.maxSize(page.length)];
    int size =
        PageFrame.encode(
            pgno, PageEncoding.LZ4_BLOCK, new Lz4Compressor(), page, 0, page.length, frame, 0);
    byte[] entry = new byte[PageIndexEntry.MAX_SIZE];
    index.write(entry, 0, PageIndexEntry.put(entry, 0, pgno, file.size(), size));
    file.write(frame, 0, size);
    crc = Crc64.update(Crc64.update(crc, frame, 0, 10), page, 0, page.length);
    return this;
  }

  public LtxForger postApplyChecksum(long value) {
    postApplyChecksum = value;
    return this;
  }

  LtxForger replaceIndex(byte[] bytes) {
    index.reset();
    index.writeBytes(bytes);
    return this;
  }

  public byte[] finish() {
    append(new byte[6]);
    index.write(0);
    append(index.toByteArray());
    append(ByteBuffer.allocate(8).putLong(index.size()).array());
    append(ByteBuffer.allocate(8).putLong(postApplyChecksum).array());
    append(ByteBuffer.allocate(8).putLong(Crc64.STORED_FLAG | crc).array());
    return file.toByteArray();
  }

  private void append(byte[] bytes) {
    file.writeBytes(bytes);
    crc = Crc64.update(crc, bytes, 0, bytes.length);
  }
}
