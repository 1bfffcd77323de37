package io.walsync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreNoticesTest {

  private static final long LARGE = 64L << 20;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private RestoreNotices notices(boolean isTerminal, boolean isVerbose) {
    PrintStream stream = new PrintStream(err, true, UTF_8);
    return new RestoreNotices(new Console(stream, stream, isTerminal), 80, isVerbose);
  }

  private static LtxFileInfo file(long sizeBytes) {
    return new LtxFileInfo(LtxFileInfo.LEVEL_SNAPSHOT, Txid.FIRST, Txid.FIRST, sizeBytes, 0);
  }

  private static RestorePlan plan(long sizeBytes) throws IOException {
    return RestorePlan.of("test", List.of(file(sizeBytes)), RestoreTarget.latest());
  }

  @Test
  void aPersonSeesABarForALargeRestore() throws Exception {
    try (RestoreNotices notices = notices(true, false)) {
      notices.planned(plan(LARGE));
      notices.fetched(LARGE / 2);
      notices.fetched(LARGE / 2);
      notices.finishing();
    }
    assertThat(err.toString(UTF_8)).contains("restore", "100%", "MiB");
    assertThat(err.toString(UTF_8).split("[\r\n]")).allMatch(line -> line.length() <= 80);
  }

  @Test
  void aBarStartsAgainWithANewPlan() throws Exception {
    try (RestoreNotices notices = notices(true, false)) {
      notices.planned(plan(LARGE));
      notices.fetched(LARGE / 2);
      notices.planned(plan(LARGE));
      notices.fetched(LARGE);
    }
    assertThat(err.toString(UTF_8)).contains("50%", "100%");
  }

  @Test
  void aScriptSeesNothing() throws Exception {
    try (RestoreNotices notices = notices(false, false)) {
      notices.planned(plan(LARGE));
      notices.fetched(LARGE);
      notices.retrying(new IOException("reset"), 10);
      notices.finishing();
    }
    assertThat(err.size()).isZero();
  }

  @Test
  void aSmallRestoreNeedsNoBar() throws Exception {
    try (RestoreNotices notices = notices(true, false)) {
      notices.planned(plan(1000));
      notices.fetched(1000);
    }
    assertThat(err.size()).isZero();
  }

  @Test
  void troubleIsToldToThoseWhoAsk() throws Exception {
    try (RestoreNotices notices = notices(false, true)) {
      notices.planned(plan(1000));
      notices.retrying(new IOException("reset"), 250);
    }
    assertThat(err.toString(UTF_8))
        .contains("walsync: restoring 1 files")
        .contains("walsync: again in 250 ms: ")
        .contains("reset");
  }
}
