package io.walsync.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramVersionTest {

  @Test
  void theFirstVersionInTheOutputCounts() {
    assertThat(ProgramVersion.in("v0.5.18\n")).isEqualTo("0.5.18");
    assertThat(ProgramVersion.in("walrust 0.7.0\n")).isEqualTo("0.7.0");
    assertThat(
            ProgramVersion.in("minio version RELEASE.2025-09-07T16-13-09Z (commit-id=1)\nGo 1.2.3"))
        .isEqualTo("RELEASE.2025-09-07T16-13-09Z");
    assertThat(ProgramVersion.in("minio version DEVELOPMENT.GOGET (commit-id=DEVELOPMENT.GOGET)"))
        .isEqualTo("DEVELOPMENT.GOGET");
    assertThat(ProgramVersion.in("(development build)")).isEqualTo("unknown");
  }
}
