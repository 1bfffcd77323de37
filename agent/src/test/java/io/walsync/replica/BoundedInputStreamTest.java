package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BoundedInputStreamTest {

  private static final byte[] CONTENT = {1, 2, 3, 4, 5};

  @Test
  void everyBoundGivesExactlySoManyBytesHoweverTheyAreRead() throws IOException {
    for (int bound = 0; bound <= 7; bound++) {
      byte[] expected = Arrays.copyOf(CONTENT, Math.min(bound, CONTENT.length));
      assertThat(stream(bound).readAllBytes()).isEqualTo(expected);

      BoundedInputStream single = stream(bound);
      for (byte b : expected) {
        assertThat(single.read()).isEqualTo(b);
      }
      assertThat(single.read()).isEqualTo(-1);
      assertThat(single.read(new byte[3])).isEqualTo(-1);

      assertThat(stream(bound).skip(100)).isEqualTo(expected.length);
      assertThat(stream(bound).available()).isEqualTo(expected.length);
    }
  }

  private static BoundedInputStream stream(long bound) {
    return new BoundedInputStream(new ByteArrayInputStream(CONTENT), bound);
  }
}
