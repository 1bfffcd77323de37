package io.walsync.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileAccessTest {

  @TempDir Path folder;

  private Path database;
  private FileAccess access;

  @BeforeEach
  void aDatabase() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
    database = Files.createFile(folder.resolve("app.db"));
    access = FileAccess.like(database.toFile());
  }

  static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void set(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-------, rw-------, rwx------",
    "rw-r-----, rw-r-----, rwxr-x---",
    "rw-rw----, rw-rw----, rwxrwx---",
    "rw-r--r--, rw-r--r--, rwxr-xr-x",
    "rwxrwxrwx, rw-rw-rw-, rwxrwxrwx",
    "r--r--r--, rw-r--r--, rwxr-xr-x",
  })
  void filesAndFoldersAreAsAccessibleAsTheDatabase(String of, String ofFile, String ofFolder)
      throws IOException {
    set(folder, "rwxrwxrwx");
    set(database, of);
    assertThat(access.createFile(folder.resolve("a"))).isTrue();
    access.createFolders(folder.resolve("x/y"));
    assertThat(mode(folder.resolve("a"))).isEqualTo(ofFile);
    assertThat(mode(folder.resolve("x"))).isEqualTo(ofFolder);
    assertThat(mode(folder.resolve("x/y"))).isEqualTo(ofFolder);
  }

  @Test
  void whereTheDatabasesFolderKeepsOthersOutNewFoldersDoToo() throws IOException {
    set(database, "rw-r--r--");
    set(folder, "rwxr-x---");
    access.createFolders(folder.resolve("x"));
    assertThat(mode(folder.resolve("x"))).isEqualTo("rwxr-x---");
    set(folder, "rwx------");
    access.createFolders(folder.resolve("y"));
    assertThat(mode(folder.resolve("y"))).isEqualTo("rwx------");
  }

  @Test
  void aModeThatChangesCountsFromTheNextFileOn() throws IOException {
    set(database, "rw-r--r--");
    access.createFile(folder.resolve("a"));
    set(database, "rw-------");
    access.createFile(folder.resolve("b"));
    assertThat(mode(folder.resolve("b"))).isEqualTo("rw-------");
    access.apply(folder.resolve("a"));
    assertThat(mode(folder.resolve("a"))).isEqualTo("rw-------");
  }

  @Test
  void afterTheDatabaseIsDeletedItsLastModeCountsAndWithoutOneTheOwnerAlone() throws IOException {
    set(database, "rw-r-----");
    access.createFile(folder.resolve("a"));
    Files.delete(database);
    access.createFile(folder.resolve("b"));
    assertThat(mode(folder.resolve("b"))).isEqualTo("rw-r-----");
    FileAccess.like(database.toFile()).createFile(folder.resolve("c"));
    assertThat(mode(folder.resolve("c"))).isEqualTo("rw-------");
  }

  @Test
  void whatExistsStaysAsItIs() throws IOException {
    set(database, "rw-------");
    Path file = Files.write(folder.resolve("a"), new byte[] {1});
    set(file, "rw-r--r--");
    Path inner = Files.createDirectory(folder.resolve("x"));
    set(inner, "rwxr-xr-x");
    assertThat(access.createFile(file)).isFalse();
    access.createFolders(inner);
    assertThat(mode(file)).isEqualTo("rw-r--r--");
    assertThat(mode(inner)).isEqualTo("rwxr-xr-x");
    assertThat(file).hasBinaryContent(new byte[] {1});
  }

  @Test
  void aFileInTheWayOfAFolderIsSaid() throws IOException {
    Files.createFile(folder.resolve("x"));
    assertThatThrownBy(() -> access.createFolders(folder.resolve("x/y")))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("x");
  }

  @Test
  void rootGivesFilesToTheOwnerOfTheDatabase() throws IOException {
    assumeTrue((Integer) Files.getAttribute(database, "unix:uid") == 0);
    Files.setAttribute(database, "unix:gid", 4321);
    Files.setAttribute(database, "unix:uid", 1234);
    set(database, "rw-rw----");
    access.createFile(folder.resolve("a"));
    access.createFolders(folder.resolve("x"));
    for (String name : new String[] {"a", "x"}) {
      assertThat(Files.getAttribute(folder.resolve(name), "unix:uid")).isEqualTo(1234);
      assertThat(Files.getAttribute(folder.resolve(name), "unix:gid")).isEqualTo(4321);
    }
    assertThat(mode(folder.resolve("a"))).isEqualTo("rw-rw----");
  }

  @Test
  void aCopyOfModeAndOwnerIsExact() throws IOException {
    Path to = Files.createFile(folder.resolve("a"));
    set(database, "r-xr-x--x");
    assertThat(FileAccess.copy(database, to)).isTrue();
    assertThat(mode(to)).isEqualTo("r-xr-x--x");
  }

  @Test
  void aDiskLikeADatabaseCreatesWhatItOpensWithItsMode() throws IOException {
    set(database, "rw-------");
    Disk disk = Disk.like(database.toFile());
    disk.createFolder(folder.resolve("x").toFile());
    File created = folder.resolve("x/created").toFile();
    File opened = folder.resolve("x/opened").toFile();
    try (FileOutputStream out = disk.create(created);
        RandomAccessFile file = disk.open(opened)) {
      out.write(1);
      file.write(1);
    }
    assertThat(mode(created.toPath())).isEqualTo("rw-------");
    assertThat(mode(opened.toPath())).isEqualTo("rw-------");
  }

  @Test
  void aFileThatCannotBeOpenedIsNotLeftBehindEmpty() throws IOException {
    set(database, "rw-------");
    Path inTheWay = Files.createDirectory(folder.resolve("x"));
    assertThatThrownBy(() -> Disk.like(database.toFile()).open(inTheWay.toFile()))
        .isInstanceOf(IOException.class);
    assertThat(inTheWay).isDirectory();
  }
}
