package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoldenLtxTest {

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void filesOfLitestreamAreRead(PageEncoding encoding) throws IOException {
    LtxDecoder decoder = new LtxDecoder(new ByteArrayInputStream(GoldenLtx.of(encoding)));

    assertThat(decoder.header().encode()).isEqualTo(GoldenLtx.header().encode());
    assertThat(decoder.header().timestampMillis()).isEqualTo(1700000000000L);
    assertThat(decoder.header().walSize()).isEqualTo(536);
    assertThat(decoder.header().walSalt2()).isEqualTo(0x05060708);
    byte[] page = new byte[GoldenLtx.PAGE_SIZE];
    assertThat(decoder.nextPage(page)).isEqualTo(1);
    assertThat(page).isEqualTo(GoldenLtx.page());
    assertThat(decoder.trailer()).isNull();
    assertThat(decoder.nextPage(page)).isZero();
    assertThat(decoder.nextPage(page)).isZero();
    assertThat(decoder.trailer().postApplyChecksum()).isZero();
  }

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void whatTheFormatFixesIsWrittenByteForByte(PageEncoding encoding) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, GoldenLtx.header(), encoding);
    encoder.writePage(1, GoldenLtx.page(), 0);
    encoder.finish();

    int lz4LengthOffset = encoding == PageEncoding.LZ4_FRAME ? 113 : 106;
    assertThat(Arrays.copyOf(out.toByteArray(), lz4LengthOffset))
        .isEqualTo(Arrays.copyOf(GoldenLtx.of(encoding), lz4LengthOffset));
    assertThat(encoder.bytesWritten()).isEqualTo(out.size());
    assertThat(LtxFiles.read(out.toByteArray()))
        .isEqualTo(Map.of(1, ByteBuffer.wrap(GoldenLtx.page())));
  }
}
