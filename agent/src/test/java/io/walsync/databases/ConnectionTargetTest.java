package io.walsync.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTargetTest {

  @ParameterizedTest
  @ValueSource(strings = {"", ":memory:"})
  void whatHasNoFileIsNoTarget(String file) throws IOException {
    assertThat(ConnectionTarget.of("file:x?mode=memory", file)).isNull();
  }

  @Test
  void aDriverThatDoesNotTellIsAnError() {
    assertThatThrownBy(() -> ConnectionTarget.of("file:x", null)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "file:my%20app.db, my app.db",
    "file:m%79%20app.db?cache=private, my app.db",
    "file:a%25b.db, a%b.db",
    "file:a%2.db, a%2.db",
    "file:a%zz.db#part?nolock=1, a%zz.db",
    "plain.db, plain.db",
  })
  void aNameIsKnownAsItIsWritten(String name, String file) throws IOException {
    File real = new File(file).getCanonicalFile();
    assertThat(ConnectionTarget.of(name, real.getPath()).named())
        .isEqualTo(new File(file).getAbsoluteFile());
  }

  @Test
  void theFileIsWhatSqliteSaysWhateverTheNameMayMean() throws IOException {
    ConnectionTarget target = ConnectionTarget.of("file:other.db", "/data/app.db");
    assertThat(target.real()).isEqualTo(new File("/data/app.db"));
    assertThat(target.named()).isEqualTo(new File("/data/app.db"));
  }

  @Test
  void aLinkThatLeadsElsewhereByNowIsNotFollowed(@TempDir Path folder) throws IOException {
    Path release1 = Files.createDirectory(folder.resolve("release1")).toRealPath();
    Path release2 = Files.createDirectory(folder.resolve("release2")).toRealPath();
    Path current = folder.toRealPath().resolve("current");
    Files.createSymbolicLink(current, release1);
    String name = current.resolve("app.db").toString();
    String opened = release1.resolve("app.db").toString();
    assertThat(ConnectionTarget.of(name, opened).named()).isEqualTo(new File(name));
    Files.delete(current);
    Files.createSymbolicLink(current, release2);
    assertThat(ConnectionTarget.of(name, opened).named()).isEqualTo(new File(opened));
    assertThat(ConnectionTarget.of(name, opened).real()).isEqualTo(new File(opened));
  }

  @Test
  void spacesAtTheEndBelongToTheName() throws IOException {
    assertThat(ConnectionTarget.of("file:/data/app.db%20", "/data/app.db ").real())
        .isEqualTo(new File("/data/app.db "));
  }

  @ParameterizedTest
  @CsvSource({
    "vfs=unix-none, vfs=unix-none",
    "v%66s=unix-excl, vfs=unix-excl",
    "cache=private&nolock=1, nolock",
    "nolock=yes, nolock",
    "immutable=1, immutable",
    "immutable=on&immutable=0, immutable",
  })
  void aConnectionWhoseLocksOthersWouldNotSeeKeepsTheFileToItself(String query, String named)
      throws IOException {
    assertThat(ConnectionTarget.of("file:/data/app.db?" + query, "/data/app.db").obstacle())
        .contains("opened it with " + named + ",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vfs=unix", "nolock=0", "immutable=", "cache=shared", "mode=rwc", "x"})
  void otherParametersAreInNobodysWay(String query) throws IOException {
    assertThat(ConnectionTarget.of("file:/data/app.db?" + query, "/data/app.db").obstacle())
        .isNull();
  }

  @Test
  void aUriThatAnOldVersionTakesForTheNameOfAFileHasNoParameters() throws IOException {
    String name = "file:app.db?nolock=1";
    assertThat(ConnectionTarget.of(name, "/data/" + name).obstacle()).isNull();
  }

  @Test
  void aReadOnlyConnectionIsToldByItsMode() throws IOException {
    assertThat(ConnectionTarget.of("file:/d/a.db?mode=ro", "/d/a.db").isReadOnly()).isTrue();
    assertThat(ConnectionTarget.of("file:/d/a.db?mode=rw", "/d/a.db").isReadOnly()).isFalse();
    assertThat(ConnectionTarget.of("/d/a.db", "/d/a.db").isReadOnly()).isFalse();
  }
}
