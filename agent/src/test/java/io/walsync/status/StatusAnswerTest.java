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
    assertThat(StatusAnswer.of(null, List.of(fine("/a.db"), down("/b.db")), false))
        .isEqualTo(
            "trouble:\u001e"
                + "/a.db\treplicating\t0\t0\t0000000000000011\t2023-11-14T22:13:20.000Z\t"
                + "2020-09-13T12:26:40.000Z\t-\t0\t-\t-\t0\t0\t0\t0\t\u001e"
                + "/b.db\tstore-down\t61\t4096\t-\t-\t"
                + "-\t-\t32\t-\t-\t0\t0\t0\t0\tno route\u001e");
  }

  @Test
  void theAgentIsTheFirstRow() {
    AgentFacts agent =
        new AgentFacts("1.2", "17", "3.50.3.0", null, "/w.yml", NOW, List.of("/c.db", "/d/*.db"));
    assertThat(StatusAnswer.of(agent, List.of(), false))
        .isEqualTo(
            "fine:1.2\t17\t3.50.3.0\t-\t2023-11-14T22:15:00.000Z\t/w.yml\t/c.db, /d/*.db\u001e");
    assertThat(StatusAnswer.of(agent, List.of(), true).replaceAll("\u001e *", " "))
        .contains("\"version\": \"1.2\", \"java\": \"17\", \"sqlite_jdbc\": \"3.50.3.0\",")
        .contains("\"sqlite\": null, \"since\": \"2023-11-14T22:15:00.000Z\",")
        .contains("\"unopened\": [ \"/c.db\", \"/d/*.db\" ]");
  }

  @Test
  void theWordBeforeTheColonIsForAll() {
    assertThat(StatusAnswer.of(null, List.of(), false)).isEqualTo("fine:\u001e");
    assertThat(StatusAnswer.of(null, List.of(fine("/a.db")), false)).startsWith("fine:");
    assertThat(StatusAnswer.of(null, List.of(fine("/a.db"), down("/b.db")), true))
        .startsWith("trouble:");
  }

  @Test
  void aNameWithControlCharactersStaysOneRow() {
    assertThat(StatusAnswer.of(null, List.of(fine("/a\t\n\u001e.db")), false))
        .startsWith("fine:\u001e/a   .db\t");
  }

  @Test
  void jsonHasTheSameForPrograms() {
    String answer = StatusAnswer.of(null, List.of(down("/b \"x\"\n.db")), true);
    assertThat(answer.chars()).noneMatch(each -> each < ' ' && each != StatusAnswer.LINE_END);
    Object read =
        new Load(LoadSettings.builder().build())
            .loadFromString(
                answer.substring("trouble:".length()).replace(StatusAnswer.LINE_END, '\n'));
    assertThat(read)
        .hasToString(
            "{fine=false, count=1, databases=[{path=/b \"x\"\n.db, time=2023-11-14T22:15:00.000Z, replica=file:///r, state=store-down,"
                + " fine=false, reason=no route, lag_seconds=61,"
                + " store_down_since=2023-11-14T22:14:00.000Z, suspended_since=null,"
                + " staged_bytes=4096, staging_limit_bytes=0, wal_bytes=32, durable_txid=-,"
                + " durable_time=null, restorable_from=null, checked_time=null,"
                + " replica_files=null, replica_bytes=null, uploads=0, uploaded_bytes=0,"
                + " failures=3, last_failure=no route,"
                + " last_failure_time=2023-11-14T22:14:59.999Z, merges=0, merged_bytes=0,"
                + " merge_failures=0, merged_time=null, snapshots=0, snapshot_time=null,"
                + " retention_time=null, deleted_files=0, deleted_bytes=0,"
                + " requests=[]}]}");
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
