package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Disk;
import java.io.File;
import org.junit.jupiter.api.Test;

class DiskRoomTest {

  private static final long MB = 1L << 20;

  private static DiskRoom room(long totalBytes, long freeBytes) {
    Disk disk =
        new Disk() {
          @Override
          public long totalBytes(File folder) {
            return totalBytes;
          }

          @Override
          public long freeBytes(File folder) {
            return freeBytes;
          }
        };
    return new DiskRoom(disk, new File("staging"));
  }

  @Test
  void sixtyFourMegabytesOfALargeDiskAreLeftToTheApplication() throws Exception {
    room(100_000 * MB, 100 * MB).require(36 * MB);

    assertThatThrownBy(() -> room(100_000 * MB, 100 * MB).require(36 * MB + 1))
        .isInstanceOf(DiskFullException.class)
        .hasMessageContaining("the disk of staging has " + 100 * MB + " bytes free; ")
        .hasMessageEndingWith(64 * MB + " are left to the application");
  }

  @Test
  void aTwentiethOfASmallDiskIsLeftToTheApplication() throws Exception {
    room(200 * MB, 20 * MB).require(10 * MB);

    assertThatThrownBy(() -> room(200 * MB, 20 * MB).require(10 * MB + 1))
        .isInstanceOf(DiskFullException.class);
  }

  @Test
  void aDiskThatDoesNotSayItsSizeIsNotFull() throws Exception {
    room(0, 0).require(MB);
  }
}
