package io.walsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTargetTest {

  @ParameterizedTest
  @CsvSource({
    "/data/app.db, /data/app.db",
    "relative.db, relative.db",
    "file:/data/app.db, /data/app.db",
    "file:///data/app.db, /data/app.db",
    "file://localhost/data/app.db, /data/app.db",
    "file:/data/my%20app.db?cache=private, /data/my app.db",
    "file:app.db?mode=rwc, app.db",
  })
  void aNameLeadsToItsFile(String name, String path) {
    assertThat(ConnectionTarget.of(name)).isEqualTo(new File(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":memory:",
        "file::memory:?cache=shared",
        "file:x?mode=memory",
        "file:/data/app.db?mode=ro",
        "file:/data/app.db?immutable=1",
        "file:/data/app.db?vfs=unix-none",
      })
  void whatCannotBeReplicatedIsLeftAlone(String name) {
    assertThat(ConnectionTarget.of(name)).isNull();
  }
}
