package io.walsync.replica.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.FileAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaFolderTest {

  @TempDir Path temporary;
  private Path folder;
  private final List<String> mountinfo = new ArrayList<>();
  private final List<String> fstab = new ArrayList<>();

  @BeforeEach
  void create() throws IOException {
    folder = temporary.toRealPath();
    mounted(Path.of("/"));
    Files.createFile(folder.resolve("walsync.yml"));
  }

  private void mounted(Path path) {
    mountinfo.add("36 35 98:0 / " + path + " rw,noatime master:1 - ext4 /dev/root rw");
  }

  private String explain(Path root) throws IOException {
    MountTable mounts = MountTable.of(mountinfo, fstab);
    return new ReplicaFolder(root).explainEmpty(mounts, "file://" + root);
  }

  @Test
  void aFolderThatIsYetToBeMadeBesideOtherFilesIsNothing() throws IOException {
    assertThat(explain(folder.resolve("replica"))).isNull();
    assertThat(explain(folder.resolve("backups/app/replica"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk/app", "disk/many/apps/app"})
  void anEmptyFolderOnWhichNothingIsMountedMayBeThePlaceOfADisk(String path) throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path root = folder.resolve(path);

    assertThat(explain(root))
        .contains("may be on a disk that is not mounted: " + disk + " is an empty folder")
        .contains("mkdir -p '" + root + "' && touch '" + root + "/.walsync-replica'");

    Files.createDirectories(root);
    Files.createFile(root.resolve(".walsync-replica"));
    assertThat(explain(root)).as("what the message advises is believed").isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk/app"})
  void aDiskThatIsMountedAndEmptyHasNothing(String path) throws IOException {
    mounted(Files.createDirectory(folder.resolve("disk")));
    assertThat(explain(folder.resolve(path))).isNull();
  }

  @Test
  void aMarkedFolderWithoutFilesHasNothing() throws IOException {
    Path root = Files.createDirectories(folder.resolve("disk/app"));
    new ReplicaFolder(root).mark(FileAccess.BY_UMASK);
    assertThat(explain(root)).isNull();
    assertThat(new ReplicaFolder(root).isThere()).isTrue();
  }

  @Test
  void aReplicaOfLitestreamHasNoMarkAndIsThere() throws IOException {
    Path root = folder.resolve("disk/app");
    Files.createDirectories(root.resolve("ltx/0"));
    assertThat(new ReplicaFolder(root).isThere()).isFalse();
    Files.createFile(root.resolve("ltx/0/0000000000000001-0000000000000001.ltx"));
    assertThat(new ReplicaFolder(root).isThere()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "link/app", "link/many/apps/app"})
  void aLinkThatLeadsNowhereIsNotNothing(String path) throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, folder.resolve("unmounted/disk"));
    assertThat(explain(folder.resolve(path)))
        .contains("the symbolic link " + link + " leads to " + folder + "/unmounted/disk")
        .contains("does not exist");

    Files.createDirectories(folder.resolve("unmounted/disk"));
    Files.createFile(folder.resolve("unmounted/disk/something"));
    assertThat(explain(folder.resolve(path))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"my disk", "my disk/app"})
  void aFileSystemThatOughtToBeMountedIsMissed(String path) throws IOException {
    Path disk = folder.resolve("my disk");
    String escaped = disk.toString().replace(" ", "\\040");
    fstab.add("# " + folder);
    fstab.add("UUID=1234 none swap sw 0 0");
    fstab.add("UUID=5678\t" + escaped + "\text4\tdefaults\t0 2");
    assertThat(explain(folder.resolve(path)))
        .contains("/etc/fstab has a file system for " + disk + ", which is not mounted");
    mountinfo.add("37 36 8:1 / " + escaped + " rw - ext4 /dev/sdb1 rw");
    assertThat(explain(folder.resolve(path))).isNull();
  }

  @Test
  void aRootThatTheTableLacksIsNotMissed() throws IOException {
    mountinfo.clear();
    mounted(Path.of("/proc"));
    fstab.add("UUID=1 / ext4 defaults 0 1");
    assertThat(explain(folder.resolve("replica"))).isNull();
  }

  @Test
  void whereNothingIsKnownOfMountsAnEmptyFolderIsEmpty() throws IOException {
    mountinfo.clear();
    fstab.add("UUID=1 " + folder + " ext4 defaults 0 1");
    Files.createDirectory(folder.resolve("disk"));
    assertThat(explain(folder.resolve("disk/app"))).isNull();
  }

  @Test
  void aReplicaOfLitestream03IsNotNothing() throws IOException {
    Path root = folder.resolve("app");
    Files.createDirectories(root.resolve("generations/0123456789abcdef/snapshots"));
    assertThat(explain(root))
        .contains("Litestream v0.3")
        .contains("litestream restore -o FILE file://" + root);
  }

  @Test
  void thePlaceIsWhereTheNearestFileSystemIsMounted() throws IOException {
    ReplicaFolder replica = new ReplicaFolder(folder.resolve("disk/app"));
    assertThat(replica.place(MountTable.of(mountinfo, fstab))).isEqualTo("/");
    mounted(folder);
    assertThat(replica.place(MountTable.of(mountinfo, fstab))).isEqualTo(folder.toString());
    mounted(Files.createDirectory(folder.resolve("disk")));
    assertThat(replica.place(MountTable.of(mountinfo, fstab))).isEqualTo(folder + "/disk");
    mountinfo.clear();
    assertThat(replica.place(MountTable.of(mountinfo, fstab))).isEmpty();
  }
}
