package io.walsync.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Health;
import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class StatusAnswerTest {

  private static final long NOW = 1_700_000_100_000L;

  @Test
  void oneLineTellsOfEachDatabase() {
    assertThat(StatusAnswer.of(List.of(fine("/a.db"), down("/b.db")), false))
        .isEqualTo(
            "trouble:/a.db\treplicating\t0\t0\t0000000000000011\t2023-11-14T22:13:20.000Z\t\u001e"
                + "/b.db\tstore-down\t61\t4096\t-\t-\tno route\u001e");
  }

  @Test
  void theWordBeforeTheColonIsForAll() {
    assertThat(StatusAnswer.of(List.of(), false)).isEqualTo("fine:");
    assertThat(StatusAnswer.of(List.of(fine("/a.db")), false)).startsWith("fine:");
    assertThat(StatusAnswer.of(List.of(fine("/a.db"), down("/b.db")), true)).startsWith("trouble:");
  }

  @Test
  void aNameWithControlCharactersStaysOneRow() {
    assertThat(StatusAnswer.of(List.of(fine("/a\t\n\u001e.db")), false))
        .startsWith("fine:/a   .db\t");
  }

  @Test
  void jsonHasTheSameForPrograms() {
    String answer = StatusAnswer.of(List.of(down("/b \"x\"\n.db")), true);
    assertThat(answer.chars()).noneMatch(each -> each < ' ' && each != StatusAnswer.LINE_END);
    Object read =
        new Load(LoadSettings.builder().build())
            .loadFromString(
                answer.substring("trouble:".length()).replace(StatusAnswer.LINE_END, '\n'));
    assertThat(read)
        .hasToString(
            "{fine=false, databases=[{path=/b \"x\"\n.db, replica=file:///r, state=store-down,"
                + " fine=false, reason=no route, lag_seconds=61, staged_bytes=4096, wal_bytes=32,"
                + " durable_txid=-, durable_time=null, restorable_from=null, merged_time=null,"
                + " snapshot_time=null, uploads=0, uploaded_bytes=0, failures=3, store_down_since=2023-11-14T22:14:00.000Z,"
                + " suspended_since=null, last_failure=no route,"
                + " last_failure_time=2023-11-14T22:14:59.999Z, requests=[]}]}");
  }

  @Test
  void aDatabaseThatIsAwayForAMinuteIsNotFineAnyMore() {
    assertThat(away(NOW - 60_000).isFine()).isTrue();
    assertThat(away(NOW - 60_001).isFine()).isFalse();
    assertThat(away(NOW - 60_001).reason()).isEqualTo("the words");
  }

  private static DbStatus away(long since) {
    return status("/a.db", Health.AWAY).state("AWAY", since).build();
  }

  private static DbStatus fine(String path) {
    return status(path, Health.REPLICATING)
        .txids(17, 17)
        .restorable(1_600_000_000_000L, 1_700_000_000_000L)
        .build();
  }

  private static DbStatus down(String path) {
    return status(path, Health.STORE_DOWN)
        .unstoredSince(NOW - 60_001)
        .staged(4096, new File("/staging"))
        .wal(32)
        .failures(3, "no route", NOW - 1)
        .storeDownSince(NOW - 60_000)
        .build();
  }

  private static DbStatus.Builder status(String path, Health health) {
    return DbStatus.builder(new File(path), "file:///r")
        .state("REPLICATING", NOW)
        .staged(0, new File("/staging"))
        .obstacle("the words")
        .health(health, NOW);
  }
}
