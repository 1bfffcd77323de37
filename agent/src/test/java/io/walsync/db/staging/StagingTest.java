package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {

  @TempDir Path folder;

  private Staging open() throws IOException {
    return Staging.open(Disk.REAL, folder.resolve(".app.db-walsync").toFile());
  }

  @Test
  void aPositionSurvivesARestart() throws Exception {
    try (Staging staging = open()) {
      assertThat(staging.saved()).isNull();
      staging.save(
          Position.before(5)
              .of("s3://bucket/path = with \\ signs", "boot")
              .sealed(Txid.of(7), 0)
              .segment(9)
              .captured(4096, 123, 1)
              .at(new WalPosition(-1, 5, 4152, 0xdeadbeefcafeL), "file"));
    }
    try (Staging staging = open()) {
      Position position = staging.position();
      assertThat(position.replicaUrl()).isEqualTo("s3://bucket/path = with \\ signs");
      assertThat(position.sealedTxid()).isEqualTo(7);
      assertThat(position.uploadedTxid()).isEqualTo(5);
      assertThat(position.segmentSeq()).isEqualTo(9);
      assertThat(position.wal()).isEqualTo(new WalPosition(-1, 5, 4152, 0xdeadbeefcafeL));
      assertThat(position.isDurable()).isFalse();
    }
  }

  @Test
  void aFolderInUseIsNotOpenedTwice() throws Exception {
    try (Staging first = open()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(this::open).isInstanceOf(FolderInUseException.class);
      }
      assertThat(first.folder()).exists();
    }
    open().close();
  }

  @Test
  void leftoversOfAKillAreRemoved() throws Exception {
    open().close();
    File leftover = folder.resolve(".app.db-walsync/segments/0000000000000002.ltx.tmp").toFile();
    Files.write(leftover.toPath(), new byte[10]);
    open().close();
    assertThat(leftover).doesNotExist();
  }

  @Test
  void aDamagedPositionIsNoneRatherThanAGuess() throws Exception {
    open().close();
    for (String damaged : new String[] {"version=1\nsegment=x\n", "", "version=9\n", "\0\0"}) {
      Files.writeString(folder.resolve(".app.db-walsync/position"), damaged);
      try (Staging staging = open()) {
        assertThat(staging.saved()).isNull();
      }
    }
  }

  @Test
  void stagedFilesAreAsPrivateAsTheDatabaseAlsoThoseOfAnOlderAgent() throws Exception {
    Path database = Files.createFile(folder.resolve("app.db"));
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    open().close();
    Path leftByAnOlderAgent = folder.resolve(".app.db-walsync/segments/0000000000000001.ltx");
    Files.createFile(leftByAnOlderAgent);
    Files.setPosixFilePermissions(leftByAnOlderAgent, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-------"));
    Disk disk = Disk.like(database.toFile());
    try (Staging staging = Staging.open(disk, folder.resolve(".app.db-walsync").toFile())) {
      staging.save(Position.before(0));
      staging.checksums().truncate(0);
    }
    try (Stream<Path> files = Files.walk(folder.resolve(".app.db-walsync"))) {
      assertThat(files.filter(Files::isRegularFile))
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsNamedWithTheReason() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> Staging.open(Disk.REAL, file.resolve("below").toFile()))
        .hasMessageStartingWith("the folder for local state (meta-path) cannot be made: " + file)
        .hasMessageMatching(".*: [A-Za-z].*");
  }
}
