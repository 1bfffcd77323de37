package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerTest {

  @Test
  void whatIsWrittenIsReadBack() {
    Owner owner = new Owner(7, "an-id", "web \"1\"\\\n", "4711", 1_790_000_000_123L);

    Owner read = Owner.parse(owner.toBytes());

    assertThat(read).isEqualTo(owner);
    assertThat(read.toBytes()).isEqualTo(owner.toBytes());
    assertThat(read.describe()).isEqualTo("process 4711 on web__1___ (epoch 7)");
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() {
    Owner read = parse("{ \"released\": true, \"epoch\": 9, \"owner\": \"x\", \"txid\": \"00\" }");

    assertThat(read).isEqualTo(new Owner(9, "x", "", "", 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"epoch\":",
        "{\"epoch\":-1}",
        "<html>",
        "{\"epoch\":99999999999999999999}"
      })
  void whatIsNoneOfOursIsNobodys(String text) {
    assertThat(parse(text)).isEqualTo(Owner.NOBODY);
  }

  private static Owner parse(String text) {
    return Owner.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
