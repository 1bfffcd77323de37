package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Sha256Test {

  @Test
  void theDigestIsTheStandardOne() {
    assertThat(Sha256.hexOf("abc".getBytes()))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void hexIsReadInEitherCaseAndWrittenInLower() {
    assertThat(Sha256.toHex(Sha256.fromHex("00fF7f80"))).isEqualTo("00ff7f80");
    for (String notHex : new String[] {"0", "0g", "zz"}) {
      assertThatThrownBy(() -> Sha256.fromHex(notHex)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
