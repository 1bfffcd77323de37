package io.walsync.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemKindTest {

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "NFS", "cifs", "virtiofs", "9p", "fuse.sshfs", "fuse.glusterfs"})
  void whatMachinesShareIsKnownByName(String type) {
    assertThat(FileSystemKind.isShared(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext4",
        "xfs",
        "btrfs",
        "zfs",
        "overlay",
        "tmpfs",
        "apfs",
        "NTFS",
        "fuse.ntfs-3g",
        "fuseblk"
      })
  void aLocalDiskIsNone(String type) {
    assertThat(FileSystemKind.isShared(type)).isFalse();
  }

  @Test
  void theDiskOfThisTestIsLocal(@TempDir Path folder) {
    assertThat(FileSystemKind.sharedBetweenMachines(folder.toFile())).isNull();
  }

  @Test
  void aWindowsShareIsKnownByItsPath() {
    assertThat(FileSystemKind.sharedBetweenMachines(new File("\\\\server\\share\\app.db")))
        .isEqualTo("network share");
  }
}
