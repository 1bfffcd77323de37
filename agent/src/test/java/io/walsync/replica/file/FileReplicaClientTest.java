package io.walsync.replica.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.io.FileAccess;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaClientContract;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplicaClientTest extends ReplicaClientContract {

  @TempDir Path folder;

  @Override
  protected ReplicaClient newClient() {
    return new FileReplicaClient(folder.resolve("re plica").toFile());
  }

  private Path level(int level) {
    return folder.resolve("re plica/ltx/" + level);
  }

  @Test
  void filesStandWhereLitestreamPutsThemWithTheirTime() throws IOException {
    byte[] content = bytes(10);
    write(0, 1, 1, content);
    write(9, 1, 255, content);

    Path l0 = level(0).resolve("0000000000000001-0000000000000001.ltx");
    Path snapshot = level(9).resolve("0000000000000001-00000000000000ff.ltx");
    assertThat(l0).hasBinaryContent(content);
    assertThat(snapshot).hasBinaryContent(content);
    assertThat(Files.getLastModifiedTime(l0).toMillis())
        .isEqualTo(info(0, 1, 1, 10).createdMillis());
  }

  @Test
  void theUrlIsAnAbsoluteFileUrl() {
    assertThat(client.url()).isEqualTo("file://" + folder.toAbsolutePath() + "/re plica");
  }

  @Test
  void theSha256IsKeptWhereTheFileSystemHasAttributesAndNullOtherwise() throws IOException {
    byte[] content = bytes(10);
    LtxFileInfo file = write(0, 1, 1, content);
    boolean hasAttributes = Files.getFileStore(folder).supportsFileAttributeView("user");

    assertThat(client.recordedSha256(file)).isEqualTo(hasAttributes ? Sha256.hexOf(content) : null);
  }

  @Test
  void aFileOfLitestreamHasNoRecordedSha256() throws IOException {
    LtxFileInfo file = write(0, 1, 1, bytes(10));
    Path foreign = level(0).resolve("0000000000000002-0000000000000002.ltx");
    Files.write(foreign, bytes(10));

    assertThat(client.recordedSha256(info(0, 2, 2, 10))).isNull();
    assertThat(client.list(0, Txid.of(2), false)).hasSize(1);
    assertThat(client.list(0, Txid.FIRST, false)).contains(file);
  }

  @Test
  void namesThatAreNotLtxNamesAreSkipped() throws IOException {
    LtxFileInfo file = write(0, 1, 1, bytes(10));
    Files.write(level(0).resolve("0000000000000002-0000000000000002.ltx.tmp"), bytes(3));
    Files.write(level(0).resolve("000000000000000A-000000000000000A.ltx"), bytes(3));
    Files.write(level(0).resolve("0000000000000000-0000000000000001.ltx"), bytes(3));
    Files.write(level(0).resolve("0000000000000005-0000000000000004.ltx"), bytes(3));
    Files.write(level(0).resolve("README"), bytes(3));
    Files.createDirectory(level(0).resolve("0000000000000003-0000000000000003.ltx"));

    assertThat(client.list(0, Txid.FIRST, true)).containsExactly(file);
  }

  @Test
  void nothingButTheFileIsLeftBesideIt() throws IOException {
    write(0, 1, 1, bytes(10));
    write(0, 1, 1, bytes(10));
    assertThatThrownBy(() -> write(0, 1, 1, bytes(11)));
    assertThatThrownBy(
        () -> client.write(info(0, 2, 2, 1), new BytesSource(bytes(1)), Sha256.hexOf(bytes(2))));

    try (Stream<Path> files = Files.list(level(0))) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactly("0000000000000001-0000000000000001.ltx");
    }
  }

  @Test
  void initRemovesWhatACrashLeftButNotWhatAnotherWriterHoldsNorWhatIsNotOurs() throws IOException {
    write(0, 1, 1, bytes(10));
    Path crashed = level(0).resolve("0000000000000002-0000000000000002.ltx.x.walsync.tmp");
    Path held = level(0).resolve("0000000000000003-0000000000000003.ltx.y.walsync.tmp");
    Path litestream = level(0).resolve("0000000000000004-0000000000000004.ltx.tmp");
    Files.write(crashed, bytes(3));
    Files.write(held, bytes(3));
    Files.write(litestream, bytes(3));

    try (FileChannel channel = FileChannel.open(held, StandardOpenOption.WRITE)) {
      channel.lock();
      client.init();
    }

    assertThat(crashed).doesNotExist();
    assertThat(held).exists();
    assertThat(litestream).exists();
  }

  @Test
  void aReplicaFolderThatVanishedIsNotCreatedAgainByAWrite() throws IOException {
    Path root = folder.resolve("re plica");
    Files.delete(root.resolve("ltx"));
    Files.delete(root.resolve(ReplicaFolder.MARK));
    Files.delete(root);

    assertThatThrownBy(() -> write(0, 1, 1, bytes(10)))
        .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
        .hasMessageContaining(root + " is gone");
    assertThat(root).doesNotExist();
  }

  @Test
  void aFolderThatWasEmptiedOrReplacedIsNotWrittenBeforeItWasLookedAt() throws IOException {
    write(0, 1, 1, bytes(10));
    Path mark = folder.resolve("re plica").resolve(ReplicaFolder.MARK);
    Files.move(mark, folder.resolve("kept so that its inode is not used again"));
    assertThatThrownBy(() -> write(0, 2, 2, bytes(10)))
        .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isNotFound()).isTrue());
    Files.createFile(mark);
    assertThatThrownBy(() -> write(0, 2, 2, bytes(10)))
        .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isNotFound()).isTrue());
    client.begin();
    write(0, 2, 2, bytes(10));
    assertThat(client.list(0, Txid.FIRST, false)).hasSize(2);
  }

  @Test
  void toLookIsNotToBegin() throws IOException {
    Path root = folder.resolve("new/replica");
    try (ReplicaClient fresh = new FileReplicaClient(root.toFile())) {
      fresh.connect();
      fresh.locate("");
      assertThat(fresh.list(0, Txid.FIRST, false)).isEmpty();
      assertThat(folder.resolve("new")).doesNotExist();
      fresh.begin();
      assertThat(root.resolve(ReplicaFolder.MARK)).isRegularFile();
      assertThat(fresh.explainEmpty()).isNull();
    }
  }

  @Test
  void aReplicaIsNotBegunAnewOnTheDiskBelowTheOneItWasOn() throws IOException {
    Path root = folder.resolve("disk/replica");
    try (ReplicaClient moved = new FileReplicaClient(root.toFile())) {
      String here = moved.locate("");
      assumeTrue(!here.isEmpty(), "only where mount points are known");
      assertThat(moved.locate(here)).isEqualTo(here);
      assertThatThrownBy(() -> moved.locate(here + "/elsewhere"))
          .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isNotFound()).isTrue())
          .hasMessageContaining(here + "/elsewhere, and that is not mounted now");
      moved.begin();
      assertThat(moved.locate(here + "/elsewhere")).as("it is there").isEqualTo(here);
    }
  }

  @Test
  void aFileInTheWayOfTheFolderIsAPermanentErrorThatNamesIt() throws IOException {
    Path inTheWay = folder.resolve("occupied");
    Files.write(inTheWay, bytes(1));

    try (ReplicaClient blocked = new FileReplicaClient(inTheWay.toFile())) {
      assertThatThrownBy(blocked::init)
          .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isPermanent()).isTrue())
          .hasMessageContaining(inTheWay.toString());
    }
  }

  @Test
  void foldersAndFilesAreAsPrivateAsTheDatabase() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path database = Files.createFile(folder.resolve("app.db"));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-------"));
    FileAccess access = FileAccess.like(database.toFile());
    byte[] content = bytes(10);
    try (ReplicaClient ofPrivate =
        new FileReplicaClient(folder.resolve("private/app").toFile(), access)) {
      ofPrivate.init();
      ofPrivate.write(info(0, 1, 1, 10), new BytesSource(content), Sha256.hexOf(content));
    }
    try (Stream<Path> all = Files.walk(folder.resolve("private"))) {
      assertThat(all)
          .hasSize(6)
          .allSatisfy(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void aFileOfOursThatLostItsContentIsNotAnotherWriters() throws IOException {
    byte[] content = bytes(100);
    LtxFileInfo file = write(0, 1, 1, content);
    Path path = level(0).resolve(file.fileName());
    for (int size : new int[] {0, 50}) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(0).write(ByteBuffer.wrap(content, 0, size)); // keeps the attribute
      }
      assertThatThrownBy(() -> write(0, 1, 1, content))
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
          .isNotInstanceOf(LtxFileConflictException.class)
          .hasMessageContaining("lost its content")
          .hasMessageContaining("delete it, and it is written again");
    }

    Files.delete(path);
    write(0, 1, 1, content);
    assertThat(read(file, 0, Long.MAX_VALUE)).isEqualTo(content);
  }
}
