package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LtxFileInfoTest {

  @Test
  void aNameIsReadBackAsItWasWritten() {
    LtxFileInfo file = new LtxFileInfo(3, Txid.of(0x1f), Txid.of(Long.MAX_VALUE), 17, 42);

    assertThat(file.fileName()).isEqualTo("000000000000001f-7fffffffffffffff.ltx");
    assertThat(LtxFileInfo.parse(3, file.fileName(), 17, 42)).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".ltx",
        "0000000000000001-0000000000000001.ltx.tmp",
        "0000000000000001-0000000000000001.LTX",
        "0000000000000001_0000000000000001.ltx",
        "000000000000000A-000000000000000A.ltx",
        "0000000000000000-0000000000000001.ltx",
        "0000000000000002-0000000000000001.ltx",
        "8000000000000000-8000000000000001.ltx",
        "0000000000000001-000000000000000g.ltx",
        "x0000000000000001-000000000000001.ltx"
      })
  void otherNamesAreNotLtxFiles(String name) {
    assertThat(LtxFileInfo.parse(0, name, 1, 0)).isNull();
  }

  @Test
  void aLevelThatDoesNotExistIsRefused() {
    for (int level : new int[] {-1, 10}) {
      assertThatThrownBy(
              () -> LtxFileInfo.parse(level, "0000000000000001-0000000000000001.ltx", 1, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
