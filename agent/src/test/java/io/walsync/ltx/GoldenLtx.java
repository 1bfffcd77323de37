package io.walsync.ltx;

import java.util.HexFormat;

/** Files written by the two versions of Litestream's own encoder, byte for byte. */
final class GoldenLtx {

  static final int PAGE_SIZE = 512;

  static final byte[] BLOCK =
      hex(
          "4c545831000000020000020000000001000000000000000100000000000000010000018bcfe56800"
              + "00000000000000000000000000000020000000000000021801020304050607080000000000000000"
              + "0000000000000000000000000000000000000000000000010001000000192f41000100ffda000200"
              + "e0000000000000000000000000000000000000000001642300000000000000000400000000000000"
              + "00d1059aa99b0abd70");

  static final byte[] FRAME =
      hex(
          "4c545831000000020000020000000001000000000000000100000000000000010000018bcfe56800"
              + "00000000000000000000000000000020000000000000021801020304050607080000000000000000"
              + "000000000000000000000000000000000000000000000001000004224d186440a7190000002f4100"
              + "0100ffda000200e0000000000000000000000000000000000000a36406f100000000000001643200"
              + "00000000000000040000000000000000bf8439d5816dffed");

  private GoldenLtx() {}

  static LtxHeader header() {
    return LtxHeader.builder()
        .pageSize(PAGE_SIZE)
        .commit(1)
        .txid(Txid.FIRST)
        .timestampMillis(1700000000000L)
        .walOffset(32)
        .walSize(536)
        .walSalts(0x01020304, 0x05060708)
        .build();
  }

  static byte[] page() {
    byte[] page = new byte[PAGE_SIZE];
    page[0] = 'A';
    return page;
  }

  static byte[] of(PageEncoding encoding) {
    return (encoding == PageEncoding.LZ4_FRAME ? FRAME : BLOCK).clone();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
