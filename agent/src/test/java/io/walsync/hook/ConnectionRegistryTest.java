package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

class ConnectionRegistryTest {

  @TempDir private Path folder;
  private final ConnectionRegistry registry = new ConnectionRegistry();
  private final List<FileConnection> reported = new ArrayList<>();

  @BeforeEach
  void report() {
    registry.reportTo(
        (nativeDb, fileName) -> new ConnectionHook(nativeDb, fileName, registry), reported::add);
  }

  @Test
  void aConnectionThatOpensIsKnownBeforeItIsReported() {
    registry.reportTo(
        (nativeDb, fileName) -> new ConnectionHook(nativeDb, fileName, registry),
        hook -> {
          throw new OutOfMemoryError("injected");
        });
    Object nativeDb = new Object();
    try {
      registry.apply(nativeDb, "a.db");
    } catch (OutOfMemoryError injected) {
      assertThat(registry.all()).hasSize(1);
    }
    assertThat(registry.all()).hasSize(1);
  }

  @Test
  void aConnectionWhoseReportWasLostIsTakenInAndOneThatHasClosedIsNot() throws Exception {
    Object nativeDb;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file())) {
      nativeDb = ((SQLiteConnection) connection).getDatabase();
      registry.takeIn(nativeDb);
      registry.takeIn(nativeDb);
      assertThat(reported).hasSize(2).containsOnly(reported.get(0));
      assertThat(reported.get(0).fileName()).isEqualTo(file().toString());
    }
    registry.takeIn(nativeDb);
    assertThat(reported).hasSize(2);
  }

  private Path file() {
    return folder.resolve("a.db");
  }
}
