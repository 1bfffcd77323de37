package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredStateTest {

  @TempDir Path folder;

  private final RestoredState state =
      new RestoredState("file:///a b/c", Txid.of(26), 12_345, 4096, 0x8000_0000_0000_0abcL);

  @Test
  void aNoteIsReadAsItWasWrittenAndDeleted() throws Exception {
    File database = folder.resolve("my app.db").toFile();
    assertThat(RestoredState.read(database)).isNull();
    state.write(database);
    assertThat(folder.toFile().list()).containsExactly(".my app.db-walsync-restored");
    RestoredState read = RestoredState.read(database);
    assertThat(read.replicaUrl()).isEqualTo("file:///a b/c");
    assertThat(read.txid()).isEqualTo(Txid.of(26));
    assertThat(read.newestSizeBytes()).isEqualTo(12_345);
    assertThat(read.pageSize()).isEqualTo(4096);
    assertThat(read.checksum()).isEqualTo(0x8000_0000_0000_0abcL);
    RestoredState.delete(database);
    assertThat(folder.toFile().list()).isEmpty();
    RestoredState.delete(database);
  }

  @Test
  void aNoteSaysWhetherTheStateIsWantedAsTheNewest() throws Exception {
    File database = folder.resolve("app.db").toFile();
    state.write(database);
    assertThat(RestoredState.read(database).isWantedAsNewest()).isFalse();
    state.wantedAsNewest(true).write(database);
    assertThat(RestoredState.read(database).isWantedAsNewest()).isTrue();
    assertThat(RestoredState.read(database).checksum()).isEqualTo(state.checksum());
  }

  @Test
  void aNoteThatIsNotWholeIsNone() throws Exception {
    File database = folder.resolve("app.db").toFile();
    state.write(database);
    Path note = RestoredState.fileFor(database).toPath();
    byte[] whole = Files.readAllBytes(note);
    for (int at = 0; at < whole.length - 1; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(note, changed);
      assertThat(RestoredState.read(database)).as("byte %d", at).isNull();
      Files.write(note, java.util.Arrays.copyOf(whole, at));
      assertThat(RestoredState.read(database)).as("cut at %d", at).isNull();
    }
  }

  @Test
  void aNoteIsBesideTheFileThatALinkLeadsTo() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real")).resolve("app.db");
    Files.createFile(real);
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), real);
    state.write(link.toFile());
    assertThat(RestoredState.read(real.toFile())).isNotNull();
  }
}
