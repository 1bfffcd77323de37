package io.walsync.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.bench.app.CommitMark;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MarksTest {

  private static final int PAGE_BYTES = 512;

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void theNewestCommitOfAnLtxFileIsFound(PageEncoding encoding) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header =
        LtxHeader.builder()
            .flags(LtxHeader.FLAG_NO_CHECKSUM)
            .pageSize(PAGE_BYTES)
            .commit(2)
            .minTxid(Txid.of(1))
            .maxTxid(Txid.of(1))
            .build();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    encoder.writePage(1, page(12, 13), 0);
    encoder.writePage(2, page(7, 8), 0);
    encoder.finish();

    assertThat(MarksOfLtx.newestIn(out.toByteArray())).isEqualTo(13);
  }

  @Test
  void theNewestCommitOfLooseFramesIsFound() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("LTX1 and a header".getBytes(StandardCharsets.US_ASCII));
    for (int commit = 20; commit <= 22; commit++) {
      out.write(new byte[] {0, 0, 0, 9});
      try (OutputStream frame = new LZ4FrameOutputStream(new Unclosed(out))) {
        frame.write(page(commit, 3));
      }
    }

    assertThat(MarksOfFrames.newestIn(out.toByteArray())).isEqualTo(22);
  }

  private static byte[] page(long... commits) {
    byte[] page = new byte[PAGE_BYTES];
    int at = 40;
    for (long commit : commits) {
      byte[] mark = CommitMark.text(commit).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(mark, 0, page, at, mark.length);
      at += mark.length;
    }
    return page;
  }

  private static final class Unclosed extends java.io.FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
