package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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

  private static final int TRIES_OF_BOTH = 1_000;

  private static final int SIZE = 8192;

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
    try (TargetFile file = TargetFile.create(nested, TargetRule.NEW, NEVER_OPEN)) {
      file.complete(0, IntegrityCheck.NONE);
    }
    assertThat(nested).exists();
  }

  @Test
  void anExistingFileIsRefusedWithoutBeingOpened() throws IOException {
    Files.write(target().toPath(), new byte[] {9});
    assertThatThrownBy(() -> TargetFile.create(target(), TargetRule.NEW, MUST_NOT_LOOK))
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
  void whenForcedTheFileKeepsItsModeAndIsNeverWider() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    for (String mode : new String[] {"rw-------", "rw-r-----", "rwxrwxrw-", "r--r--r--"}) {
      Files.deleteIfExists(target().toPath());
      Files.write(target().toPath(), new byte[] {9});
      Files.setPosixFilePermissions(target().toPath(), PosixFilePermissions.fromString(mode));
      try (TargetFile file = create(true)) {
        Path growing = folder.resolve("a.db.walsync-tmp");
        assertThat(PosixFilePermissions.fromString(mode.replace("r--", "rw-")))
            .containsAll(Files.getPosixFilePermissions(growing));
        file.complete(0, IntegrityCheck.NONE);
        assertThat(file.isAccessKept()).isTrue();
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target().toPath())))
          .isEqualTo(mode);
    }
  }

  @Test
  void whenForcedByRootTheFileKeepsItsOwner() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
    Files.write(target().toPath(), new byte[] {9});
    assumeTrue((Integer) Files.getAttribute(target().toPath(), "unix:uid") == 0);
    Files.setAttribute(target().toPath(), "unix:gid", 4321);
    Files.setAttribute(target().toPath(), "unix:uid", 1234);
    try (TargetFile file = create(true)) {
      file.complete(0, IntegrityCheck.NONE);
    }
    assertThat(Files.getAttribute(target().toPath(), "unix:uid")).isEqualTo(1234);
    assertThat(Files.getAttribute(target().toPath(), "unix:gid")).isEqualTo(4321);
  }

  @Test
  void throughLinksTheFileAppearsWhereTheyLead() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Files.createSymbolicLink(folder.resolve("middle.db"), Path.of("disk/real.db"));
    Files.createSymbolicLink(target().toPath(), folder.resolve("middle.db"));
    for (boolean isForced : new boolean[] {false, true}) {
      try (TargetFile file = create(isForced)) {
        file.write(new byte[] {1}, 1, 0);
        assertThat(disk.resolve("real.db.walsync-tmp")).exists();
        file.complete(1, IntegrityCheck.NONE);
      }
      assertThat(target().toPath()).isSymbolicLink();
      assertThat(disk.resolve("real.db")).hasBinaryContent(new byte[] {1});
      assertThat(names()).containsExactlyInAnyOrder("a.db", "middle.db", "disk");
    }
  }

  @Test
  void aLinkToAnotherDatabasesCompanionsIsRefusedWhereItLeads() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Files.createFile(disk.resolve("real.db-wal"));
    Files.createSymbolicLink(target().toPath(), disk.resolve("real.db"));
    assertThatThrownBy(() -> create(false))
        .isInstanceOf(TargetRefusedException.class)
        .hasMessageContaining("real.db-wal of an older database");
  }

  @Test
  void aLinkIntoAFolderThatIsNotThereCreatesNothing() throws IOException {
    Files.createSymbolicLink(target().toPath(), Path.of("disk/real.db"));
    assertThatThrownBy(() -> create(true))
        .isInstanceOf(RestoreException.class)
        .hasMessageContaining("a.db: it is a link to ")
        .hasMessageContaining("disk/real.db, whose folder does not exist (not mounted?)");
    assertThat(names()).containsExactly("a.db");
  }

  @Test
  void linksThatLeadInACircleAreAnError() throws IOException {
    Files.createSymbolicLink(folder.resolve("b.db"), target().toPath());
    Files.createSymbolicLink(target().toPath(), folder.resolve("b.db"));
    assertThatThrownBy(() -> create(true))
        .isInstanceOf(RestoreException.class)
        .hasMessageContaining("links lead in a circle");
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
    assertThatThrownBy(() -> TargetFile.create(target(), TargetRule.REPLACE, open))
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
    assertThatThrownBy(() -> TargetFile.create(folder.toFile(), TargetRule.REPLACE, NEVER_OPEN))
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

  @Test
  void whatOneRestoreHasCompletedAnotherNeverEmpties() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Callable<Void> restores =
        () -> {
          while (tries.get() < TRIES_OF_BOTH) {
            restoreUnlessBusy(tries);
          }
          return null;
        };
    try {
      for (Future<Void> each : threads.invokeAll(List.of(restores, restores))) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(names()).containsExactly("a.db");
  }

  private void restoreUnlessBusy(AtomicInteger tries) throws IOException {
    int size = SIZE + tries.incrementAndGet();
    try (TargetFile file = create(true)) {
      file.write(new byte[size], size, 0);
      file.complete(size, IntegrityCheck.NONE);
    } catch (TargetBusyException otherWrites) {
      return;
    }
    assertThat(target().length()).isGreaterThan(SIZE);
  }

  @Test
  void inPlaceOfAMissingDatabaseAnEmptyFileIsReplacedOnceItIsOld() throws IOException {
    Files.createFile(target().toPath());
    assertThatThrownBy(() -> create(TargetRule.MISSING))
        .isInstanceOf(TargetBusyException.class)
        .hasMessageContaining("an empty file has just been made");
    assertThat(target().setLastModified(System.currentTimeMillis() - 3_000)).isTrue();
    try (TargetFile file = create(TargetRule.MISSING)) {
      file.complete(5, IntegrityCheck.NONE);
    }
    assertThat(target()).hasSize(5);
    assertThat(names()).containsExactly("a.db");
  }

  @Test
  void inPlaceOfAMissingDatabaseNothingElseIsReplaced() throws IOException {
    Files.write(target().toPath(), new byte[] {9});
    assertThatThrownBy(() -> create(TargetRule.MISSING))
        .isInstanceOf(TargetRefusedException.class)
        .isNotInstanceOf(TargetBusyException.class);
    Files.delete(target().toPath());
    try (TargetFile file = create(TargetRule.MISSING)) {
      Files.createFile(target().toPath());
      assertThatThrownBy(() -> file.complete(5, IntegrityCheck.NONE))
          .isInstanceOf(TargetBusyException.class);
    }
    assertThat(target()).hasSize(0);
    assertThat(names()).containsExactly("a.db");
  }

  @Test
  void whoLooksWhetherAMissingDatabaseCanBeMadeDeletesNothing() throws IOException {
    try (TargetFile file = create(TargetRule.MISSING)) {
      file.complete(
          5,
          database -> {
            // As a driver does: it deletes what it has made, and nothing else.
            assertThat(target().createNewFile()).isTrue();
            assertThat(target().delete()).isTrue();
          });
    }
    assertThat(target()).hasSize(5);
  }

  private TargetFile create(boolean isForced) throws IOException {
    return create(isForced ? TargetRule.REPLACE : TargetRule.NEW);
  }

  private TargetFile create(TargetRule rule) throws IOException {
    return TargetFile.create(target(), rule, NEVER_OPEN);
  }

  private File target() {
    return folder.resolve("a.db").toFile();
  }

  private String[] names() {
    return folder.toFile().list();
  }
}
