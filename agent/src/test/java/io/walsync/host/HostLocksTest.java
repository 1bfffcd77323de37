package io.walsync.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLocksTest {

  private static final String LIST =
      """
      1: POSIX  ADVISORY  READ 4711 fe:01:1234 1073741826 1073742335
      1: -> POSIX  ADVISORY  WRITE 4711 fe:01:77 0 EOF
      2: FLOCK  ADVISORY  WRITE 4711 fe:01:55 0 EOF
      3: POSIX  ADVISORY  WRITE 4711 00:1f:1234 120 EOF
      4: POSIX  ADVISORY  READ 9999 fe:01:88 128 128
      5: OFDLCK ADVISORY  READ -1 fe:01:66 0 0
      nonsense
      6: POSIX  ADVISORY  READ 4711 fe:01:1x 0 1
      """;

  @Test
  void onlyPosixLocksThatThisProcessHoldsCount() throws Exception {
    Map<Long, List<long[]>> ranges = HostLocks.parse(new StringReader(LIST), "4711");

    assertThat(ranges).containsOnlyKeys(1234L);
    assertThat(ranges.get(1234L))
        .containsExactly(new long[] {1073741826L, 1073742335L}, new long[] {120, Long.MAX_VALUE});
  }

  @Test
  void aLockOfThisProcessIsSeenUntilItIsReleased(@TempDir Path folder) throws Exception {
    assumeTrue(new File("/proc/locks").canRead(), "the kernel lists its locks");
    File file = folder.resolve("file").toFile();
    try (RandomAccessFile opened = new RandomAccessFile(file, "rw")) {
      long inode = (Long) Files.getAttribute(file.toPath(), "unix:ino");
      HostLocks locks = new HostLocks(0);
      FileLock lock = opened.getChannel().lock(100, 20, false);
      HostLocks.Snapshot held = locks.after(System.nanoTime() - 1);
      assertThat(held.holds(inode, 100)).isTrue();
      assertThat(held.holds(inode, 119)).isTrue();
      assertThat(held.holds(inode, 120)).isFalse();
      lock.release();
      assertThat(locks.after(System.nanoTime() - 1).holds(inode, 100)).isFalse();
    }
  }

  @Test
  void theListIsNotReadAgainBeforeItsTime() {
    HostLocks locks = new HostLocks(Long.MAX_VALUE);
    long before = System.nanoTime();
    HostLocks.Snapshot first = locks.after(before);

    assertThat(first).isNotNull();
    assertThat(locks.after(before)).isSameAs(first);
    assertThat(locks.after(System.nanoTime())).isNull();
  }
}
