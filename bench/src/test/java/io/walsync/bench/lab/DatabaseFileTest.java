package io.walsync.bench.lab;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFileTest {

  @TempDir Path folder;

  @Test
  void aCopyIsTheSameUntilOneByteChangesOrIsMissing() throws IOException {
    Path database = folder.resolve("app.db");
    Path copy = folder.resolve("copy.db");
    SampleDatabase.create(database, 100_000);
    DatabaseFile.copy(database, copy);

    DatabaseFile.requireSame(database, copy);

    byte[] bytes = Files.readAllBytes(copy);
    bytes[bytes.length - 1] ^= 1;
    Files.write(copy, bytes);
    assertThatThrownBy(() -> DatabaseFile.requireSame(database, copy))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("differs");
    Files.write(copy, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> DatabaseFile.requireSame(database, copy))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("bytes");
  }
}
