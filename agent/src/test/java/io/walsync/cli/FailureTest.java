package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.NoKeysException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void aStoreThatMayComeBackIsWorthAnotherTry() {
    Failure failure = Failure.of(new ReplicaException("list x: timeout", false), false);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(failure.message())
        .isEqualTo("the replica could not be read: list x: timeout; try again later");
  }

  @Test
  void missingKeysDoNotComeByWaiting() {
    NoKeysException noKeys = new NoKeysException("no AWS credentials: none (a; b)");
    Failure failure = Failure.of(new ReplicaException("list x: none", noKeys, false), false);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(failure.message()).contains("configure keys").doesNotContain("try again");
  }

  @Test
  void aStoreThatRefusesIsNot() {
    Failure failure = Failure.of(new ReplicaException("list x: access denied", true), false);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(failure.message()).isEqualTo("the replica could not be read: list x: access denied");
  }

  @Test
  void aFailedCheckIsDamage() {
    Failure failure = Failure.of(new FailedCheckException("quick_check: bad page"), false);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(failure.message()).startsWith("quick_check: bad page; nothing was written.");
  }

  @Test
  void anExceptionWithoutAMessageIsNamed() {
    assertThat(Failure.of(new IOException(), false).message()).isEqualTo("java.io.IOException");
  }

  @Test
  void aMessageIsOneLine() {
    assertThat(Failure.of(new IOException("a \r\n  b\nc"), false).message()).isEqualTo("a b c");
  }

  @Test
  void everyExitCodeHasOneMeaning() {
    Set<String> codes = new HashSet<>();
    for (String meaning : ExitCode.MEANINGS) {
      assertThat(codes.add(meaning.substring(0, 1))).isTrue();
    }
    assertThat(codes).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7", "8");
  }
}
