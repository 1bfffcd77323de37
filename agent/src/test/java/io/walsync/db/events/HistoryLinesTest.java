package io.walsync.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.teststore.AgentLines;
import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HistoryLinesTest {

  private final LogLines lines = new LogLines(new File("/app.db"), "s3://b/app");
  private final HistoryEvents history = lines.history();

  @Test
  void inAnOutageThatWasToldMergesAndSnapshotsSayNothingMore() {
    try (AgentLines told = new AgentLines()) {
      lines.storeUnreachable(new IOException("no route"), true, 5_000, 7);
      history.notMerged("no route");
      history.notSnapshot("no route");
      lines.storeReachable(0);
      history.mergesAgain();
      assertThat(told.with("WARN")).as("of the outage").hasSize(1);
      assertThat(told.with("merged")).isEmpty();
    }
  }

  @Test
  void elseTheyAreToldAndSoIsTheEnd() {
    try (AgentLines told = new AgentLines()) {
      history.notMerged("a full disk");
      history.notSnapshot("a full disk");
      history.mergesAgain();
      assertThat(told.with("WARN", "could not be merged: a full disk")).hasSize(1);
      assertThat(told.with("WARN", "no snapshot could be made in s3://b/app: a full disk"))
          .hasSize(1);
      assertThat(told.with("INFO", "are merged again")).hasSize(1);
    }
  }
}
