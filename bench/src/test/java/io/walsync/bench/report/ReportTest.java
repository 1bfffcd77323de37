package io.walsync.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir Path folder;

  @Test
  void eachSuitesSecondsAndTheirSumAreTold() {
    Report all = new Report(Map.of());
    for (String suite : new String[] {"latency", "restore"}) {
      Report one = new Report(Map.of());
      one.took(suite, suite.length() + 0.25);
      assertThat(one.toText()).contains("took: " + suite + " 7 s\n");
      all.addAll(one);
    }

    assertThat(all.tookLine()).isEqualTo("took: latency 7 s, restore 7 s; together 15 s");
    all.writeJson(folder.resolve("all.json"));
    assertThat(folder.resolve("all.json"))
        .content()
        .isEqualTo(
            """
            {
              "seconds": {
                "latency": 7.3,
                "restore": 7.3
              },
              "tables": []
            }
            """);
  }
}
