package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Disk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  private FolderLock take() throws IOException {
    return FolderLock.take(Disk.REAL, folder.toFile());
  }

  @Test
  void thisProcessTakesItOnceAtATime() throws Exception {
    try (FolderLock lock = take()) {
      assertThat(lock.exists()).isTrue();
      assertThatThrownBy(this::take).isInstanceOf(FolderInUseException.class);
    }
    take().close();
  }

  @Test
  void theFolderIsInUseUnderItsNewNameToo() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    File renamed = folder.resolve("renamed").toFile();
    try (FolderLock lock = FolderLock.take(Disk.REAL, first.toFile())) {
      Files.move(first, renamed.toPath());

      assertThat(lock.exists()).isFalse();
      assertThatThrownBy(() -> FolderLock.take(Disk.REAL, renamed))
          .isInstanceOf(FolderInUseException.class);
    }
    FolderLock.take(Disk.REAL, renamed).close();
  }
}
