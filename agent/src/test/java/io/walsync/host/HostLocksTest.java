package io.walsync.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLocksTest {

  /** More than a page of the list. */
  private static final int HELD_COUNT = 400;

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
    Map<Long, List<long[]>> ranges = new HashMap<>();
    LockList.parse(new StringReader(LIST), new HostLocks.Own("4711", ranges));

    assertThat(ranges).containsOnlyKeys(1234L);
    assertThat(ranges.get(1234L))
        .containsExactly(
            new long[] {1073741826L, 1073742335L, 0}, new long[] {120, Long.MAX_VALUE, 1});
  }

  @Test
  void aLockOfThisProcessIsSeenUntilItIsReleased(@TempDir Path folder) throws Exception {
    assumeTrue(new File("/proc/locks").canRead(), "the kernel lists its locks");
    File file = folder.resolve("file").toFile();
    try (RandomAccessFile opened = new RandomAccessFile(file, "rw")) {
      long inode = (Long) Files.getAttribute(file.toPath(), "unix:ino");
      HostLocks locks = new HostLocks(0);
      FileLock lock = opened.getChannel().lock(100, 20, false);
      HostLocks.Snapshot held = locks.after(System.nanoTime() - 1, false);
      assertThat(held.holds(inode, 100)).isTrue();
      assertThat(held.holds(inode, 119)).isTrue();
      assertThat(held.holds(inode, 120)).isFalse();
      lock.release();
      assertThat(locks.after(System.nanoTime() - 1, false).holds(inode, 100)).isFalse();
    }
  }

  @Test
  void theListIsNotReadAgainBeforeItsTime() {
    HostLocks locks = new HostLocks(Long.MAX_VALUE);
    long before = System.nanoTime();
    HostLocks.Snapshot first = locks.after(before, false);

    assertThat(first).isNotNull();
    assertThat(locks.after(before, false)).isSameAs(first);
    assertThat(locks.after(System.nanoTime(), false)).isNull();
    assertThat(locks.after(System.nanoTime() - TimeUnit.HOURS.toNanos(1), true))
        .as("one reading serves all databases as the process ends")
        .isNotNull();
  }

  @Test
  void noHeldLockIsMissedTwiceWhileOthersComeAndGo(@TempDir Path folder) throws Exception {
    assumeTrue(new File("/proc/locks").canRead(), "the kernel lists its locks");
    File file = folder.resolve("file").toFile();
    AtomicBoolean isStopped = new AtomicBoolean();
    Thread churn = new Thread(() -> lockAndRelease(folder.resolve("churn"), isStopped));
    try (RandomAccessFile opened = new RandomAccessFile(file, "rw")) {
      long inode = (Long) Files.getAttribute(file.toPath(), "unix:ino");
      for (int i = 0; i < HELD_COUNT; i++) {
        opened.getChannel().lock(10L * i, 1, false);
      }
      churn.start();
      HostLocks locks = new HostLocks(0);
      for (int reading = 0; reading < 100; reading++) {
        HostLocks.Snapshot held = locks.after(System.nanoTime() - 1, false);
        for (int i = 0; i < HELD_COUNT; i++) {
          boolean isHeld = held.holds(inode, 10L * i) || locks.again().holds(inode, 10L * i);
          assertThat(isHeld).as("reading %d, lock %d", reading, i).isTrue();
        }
      }
    } finally {
      isStopped.set(true);
      churn.join();
    }
  }

  /** Somewhat busier than an application with hundreds of databases. */
  private static void lockAndRelease(Path path, AtomicBoolean isStopped) {
    try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw")) {
      while (!isStopped.get()) {
        FileLock lock = opened.getChannel().lock(0, 1, false);
        lock.release();
        TimeUnit.MICROSECONDS.sleep(300);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
