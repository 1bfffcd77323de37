package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

class XxHash32Test {

  @Test
  void everyLengthAgreesWithTheReference() {
    XXHash32 reference = XXHashFactory.safeInstance().hash32();
    byte[] bytes = new byte[500];
    new Random(41).nextBytes(bytes);
    for (int offset = 0; offset < 5; offset++) {
      for (int length = 0; length < 400; length++) {
        assertThat(XxHash32.hash(bytes, offset, length))
            .isEqualTo(reference.hash(bytes, offset, length, 0));
      }
    }
  }
}
