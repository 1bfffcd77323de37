package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatementKindsTest {

  @Test
  void unknownStatementsMayWrite() {
    assertThat(new StatementKinds().get(4711)).isEqualTo(SqlKind.WRITE);
  }

  @Test
  void itBehavesAsAMapWhateverTheOrder() {
    long seed = 20261123;
    Random random = new Random(seed);
    StatementKinds kinds = new StatementKinds();
    Map<Long, SqlKind> expected = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      long statement = 0x7f00_0000_0000L + random.nextInt(300) * 16L;
      SqlKind kind = SqlKind.values()[random.nextInt(SqlKind.values().length)];
      if (random.nextInt(4) == 0) {
        kinds.remove(statement);
        expected.remove(statement);
      } else {
        kinds.put(statement, kind);
        expected.put(statement, kind);
      }
      long asked = 0x7f00_0000_0000L + random.nextInt(300) * 16L;
      assertThat(kinds.get(asked))
          .as("seed %d, step %d", seed, i)
          .isEqualTo(expected.getOrDefault(asked, SqlKind.WRITE));
    }
  }
}
