package io.walsync.restore;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import java.nio.ByteBuffer;

/** LTX files that no writer of ours makes. */
final class Damage {

  private Damage() {}

  /** A file that says the database was deleted. */
  static byte[] deletion(int pageSize, long txid) {
    LtxHeader header = LtxHeader.builder().pageSize(pageSize).commit(0).txid(Txid.of(txid)).build();
    ByteBuffer file = ByteBuffer.allocate(131).put(header.encode()).put(new byte[7]);
    file.putLong(1).putLong(0);
    return file.putLong(Crc64.STORED_FLAG | Crc64.update(0, file.array(), 0, 123)).array();
  }

  static byte[] flipped(byte[] file, int bit) {
    byte[] flipped = file.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }
}
