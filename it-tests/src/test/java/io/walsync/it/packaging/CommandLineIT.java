package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Jdk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineIT {

  @TempDir private Path folder;

  @Test
  void theJarRunsAndKnowsItsVersion() throws Exception {
    for (Jdk jdk : List.of(Jdk.running(), Jdk.find(25).orElse(Jdk.running()))) {
      ForkedJava.Outcome outcome =
          new ForkedJava(jdk, folder).run(List.of("-jar", Packed.jar().toString(), "--version"));
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.stdout()).matches("walsync \\d+\\.\\d+\\.\\d+.*\\R");
      assertThat(outcome.stderr()).isEmpty();
    }
  }

  @Test
  void anUnpackedJarSaysWhatIsWrong() throws Exception {
    Path jar =
        Packed.copy(
            folder.resolve("hollow.jar"),
            entry -> !entry.startsWith("inst/"),
            manifest -> manifest);
    ForkedJava.Outcome outcome =
        new ForkedJava(Jdk.running(), folder).run(List.of("-jar", jar.toString(), "--version"));
    assertThat(outcome.exitCode()).isEqualTo(70);
    assertThat(outcome.stderr()).startsWith("walsync: unexpected failure: ");
  }
}
