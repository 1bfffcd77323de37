package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionHookTest {

  @Test
  void aNameThatIsNotToldIsNotTakenForAFileOfThatName() {
    ConnectionHook hook = new ConnectionHook(new Object(), null, opened -> {});

    assertThat(hook.main().isFileKnown()).isFalse();
    assertThat(hook.main().file()).isNull();
  }

  @Test
  void aConnectionWhoseFileNobodyTellsIsReportedAfterItsFirstStatement() {
    List<FileConnection> reported = new ArrayList<>();
    ConnectionHook hook = new ConnectionHook(new Object(), null, reported::add);

    hook.accept("SELECT 1", 7L);
    hook.accept(7L);
    assertThat(hook.applyAsLong(7L, 101)).isEqualTo(101);

    assertThat(reported).containsExactly(hook.main());
    assertThat(hook.main().isFileKnown()).isTrue();
    assertThat(hook.main().file()).isNull();
  }
}
