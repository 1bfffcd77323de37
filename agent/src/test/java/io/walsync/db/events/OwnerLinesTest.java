package io.walsync.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.teststore.AgentLines;
import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OwnerLinesTest {

  @Test
  void theAdviceFitsTheKindOfReplica() {
    try (AgentLines lines = new AgentLines()) {
      IOException denied = new IOException("access denied");
      new LogLines(new File("/app.db"), "s3://bucket/app").ownerUnknown(denied);
      new LogLines(new File("/app.db"), "file:///backup/app").ownerUnknown(denied);

      assertThat(lines.with("who owns s3://", "Give the keys the right")).hasSize(1);
      assertThat(lines.with("who owns file:", "Give the user of this process the right"))
          .hasSize(1);
      assertThat(lines.with("who owns file:", "keys")).isEmpty();
    }
  }
}
