package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetFileTest {

  private static final OpenFileCheck NEVER_OPEN =
      new OpenFileCheck() {
        @Override
        boolean isOpen(File database) {
          return false;
        }
      };

  private static final OpenFileCheck MUST_NOT_LOOK =
      new OpenFileCheck() {
        @Override
        boolean isOpen(File database) {
          throw new AssertionError("an existing file is opened although nothing is forced");
        }
      };

  @TempDir Path folder;

  @Test
  void theFileAppearsWhenItIsComplete() throws IOException {
    try (TargetFile file = create(false)) {
      file.write(new byte[] {1, 2, 3, 4}, 2, 4);
      assertThat(names()).containsExactly("a.db.walsync-tmp");
      file.complete(8, IntegrityCheck.NONE);
      assertThat(names()).containsExactly("a.db");
    }
    assertThat(target().toPath()).hasBinaryContent(new byte[] {0, 0, 0, 0, 1, 2, 0, 0});
  }

  @Test
  void theFileIsCutToItsSize() throws IOException {
    try (TargetFile file = create(false)) {
      file.write(new byte[100], 100, 0);
      file.complete(30, IntegrityCheck.NONE);
    }
    assertThat(target()).hasSize(30);
  }

  @Test
  void anIncompleteFileIsRemoved() throws IOException {
    try (TargetFile file = create(false)) {
      file.write(new byte[100], 100, 0);
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void missingFoldersAreMade() throws IOException {
    File nested = folder.resolve("x/y/a.db").toFile();
    try (TargetFile file = TargetFile.create(nested, false, NEVER_OPEN)) {
      file.complete(0, IntegrityCheck.NONE);
    }
    assertThat(nested).exists();
  }

  @Test
  void anExistingFileIsRefusedWithoutBeingOpened() throws IOException {
    Files.write(target().toPath(), new byte[] {9});
    assertThatThrownBy(() -> TargetFile.create(target(), false, MUST_NOT_LOOK))
        .isInstanceOf(TargetRefusedException.class)
        .hasMessageContaining("the file exists");
    assertThat(target().toPath()).hasBinaryContent(new byte[] {9});
    assertThat(names()).containsExactly("a.db");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-shm", "-journal"})
  void companionsOfAnOlderDatabaseAreRefused(String suffix) throws IOException {
    Files.createFile(folder.resolve("a.db" + suffix));
    assertThatThrownBy(() -> create(false))
        .isInstanceOf(TargetRefusedException.class)
        .hasMessageContaining("a.db" + suffix + " of an older database");
    assertThat(names()).containsExactly("a.db" + suffix);
  }

  @Test
  void whenForcedTheOldDatabaseGoesWithItsCompanions() throws IOException {
    for (String name : new String[] {"a.db", "a.db-wal", "a.db-shm", "a.db-journal", "b.db-wal"}) {
      Files.write(folder.resolve(name), new byte[] {9});
    }
    try (TargetFile file = create(true)) {
      file.write(new byte[] {1}, 1, 0);
      assertThat(folder.resolve("a.db-wal")).exists();
      file.complete(1, IntegrityCheck.NONE);
    }
    assertThat(names()).containsExactlyInAnyOrder("a.db", "b.db-wal");
    assertThat(target().toPath()).hasBinaryContent(new byte[] {1});
  }

  @Test
  void whenForcedAndNotCompletedTheOldDatabaseStaysAsItWas() throws IOException {
    Files.write(folder.resolve("a.db"), new byte[] {9});
    Files.write(folder.resolve("a.db-wal"), new byte[] {8});
    try (TargetFile file = create(true)) {
      assertThatThrownBy(
              () ->
                  file.complete(
                      1,
                      database -> {
                        throw new IOException("row 7 missing from index");
                      }))
          .isInstanceOf(RestoreException.class)
          .hasMessageContaining("row 7 missing from index");
    }
    assertThat(names()).containsExactlyInAnyOrder("a.db", "a.db-wal");
    assertThat(target().toPath()).hasBinaryContent(new byte[] {9});
  }

  @Test
  void aDatabaseThatIsOpenIsRefusedEvenIfForced() throws IOException {
    Files.createFile(target().toPath());
    OpenFileCheck open =
        new OpenFileCheck() {
          @Override
          boolean isOpen(File database) {
            return true;
          }
        };
    assertThatThrownBy(() -> TargetFile.create(target(), true, open))
        .isInstanceOf(TargetRefusedException.class)
        .hasMessageContaining("open");
  }

  @Test
  void aFileThatAppearedMeanwhileIsNotReplaced() throws IOException {
    try (TargetFile file = create(false)) {
      Files.write(target().toPath(), new byte[] {9});
      assertThatThrownBy(() -> file.complete(1, IntegrityCheck.NONE))
          .isInstanceOf(TargetRefusedException.class);
    }
    assertThat(names()).containsExactly("a.db");
    assertThat(target().toPath()).hasBinaryContent(new byte[] {9});
  }

  @Test
  void twoRestoresToTheSameFileAreKeptApart() throws IOException {
    try (TargetFile first = create(false)) {
      first.write(new byte[] {1}, 1, 0);
      assertThatThrownBy(() -> create(false))
          .isInstanceOf(TargetRefusedException.class)
          .hasMessageContaining("another restore");
      first.complete(1, IntegrityCheck.NONE);
    }
    assertThat(target().toPath()).hasBinaryContent(new byte[] {1});
  }

  @Test
  void whatAKilledRestoreLeftIsOverwritten() throws IOException {
    Files.write(folder.resolve("a.db.walsync-tmp"), new byte[500]);
    try (TargetFile file = create(false)) {
      file.complete(2, IntegrityCheck.NONE);
    }
    assertThat(names()).containsExactly("a.db");
    assertThat(target()).hasSize(2);
  }

  @Test
  void theCheckSeesTheWholeFileUnderItsTemporaryName() throws IOException {
    try (TargetFile file = create(false)) {
      file.complete(
          64,
          database -> {
            assertThat(database).hasSize(64).hasName("a.db.walsync-tmp");
            Files.createFile(Path.of(database + "-wal"));
          });
    }
    assertThat(names()).containsExactly("a.db");
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real")).resolve("b.db");
    Files.write(real, new byte[] {9});
    Files.createSymbolicLink(target().toPath(), real);
    try (TargetFile file = create(true)) {
      file.complete(3, IntegrityCheck.NONE);
    }
    assertThat(target().toPath()).isSymbolicLink();
    assertThat(real.toFile()).hasSize(3);
  }

  @Test
  void aFolderIsRefused() {
    assertThatThrownBy(() -> TargetFile.create(folder.toFile(), true, NEVER_OPEN))
        .isInstanceOf(TargetRefusedException.class)
        .hasMessageContaining("directory");
  }

  @Test
  void startingAnewForgetsWhatWasWritten() throws IOException {
    try (TargetFile file = create(false)) {
      file.write(new byte[] {1, 2, 3}, 3, 0);
      file.clear();
      file.complete(3, IntegrityCheck.NONE);
    }
    assertThat(target().toPath()).hasBinaryContent(new byte[3]);
  }

  private TargetFile create(boolean isForced) throws IOException {
    return TargetFile.create(target(), isForced, NEVER_OPEN);
  }

  private File target() {
    return folder.resolve("a.db").toFile();
  }

  private String[] names() {
    return folder.toFile().list();
  }
}
