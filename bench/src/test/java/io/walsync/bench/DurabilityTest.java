package io.walsync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.bench.app.CommitMark;
import io.walsync.bench.wire.Put;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DurabilityTest {

  @Test
  void aCommitIsDurableWithTheFirstObjectThatHoldsIt() {
    Durability durability = durability(Map.of(put(100, 1), 5L, put(200, 2), 9L));

    assertThat(durability.micros(5)).isEqualTo(100);
    assertThat(durability.micros(6)).isEqualTo(200);
    assertThat(durability.micros(9)).isEqualTo(200);
    assertThat(durability.micros(10)).isEqualTo(Long.MAX_VALUE);
    assertThat(durability.newest()).isEqualTo(9);
  }

  @Test
  void anObjectCountsOnlyWhenThoseBeforeItAreThere() {
    Durability durability = durability(Map.of(put(300, 1), 5L, put(200, 2), 9L));

    assertThat(durability.micros(9)).isEqualTo(300);
    assertThat(durability.newestAt(250)).isZero();
    assertThat(durability.newestAt(300)).isEqualTo(9);
  }

  @Test
  void objectsWithoutCommitsChangeNothing() {
    Durability durability =
        durability(Map.of(put(100, 1), 5L, put(200, 2), CommitMark.NONE, put(300, 3), 6L));

    assertThat(durability.newestAt(250)).isEqualTo(5);
    assertThat(durability.micros(6)).isEqualTo(300);
  }

  @Test
  void withoutObjectsNothingIsDurable() {
    assertThat(durability(Map.of()).micros(1)).isEqualTo(Long.MAX_VALUE);
    assertThat(durability(Map.of()).newest()).isZero();
  }

  private static Durability durability(Map<Put, Long> newest) {
    return new Durability(List.copyOf(newest.keySet()), newest::get);
  }

  private static Put put(long micros, long txid) {
    String name = String.format("%016x-%016x.ltx", txid, txid);
    return new Put(micros, micros, 10, "/bench/run/app/0000/" + name);
  }
}
