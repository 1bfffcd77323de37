package io.walsync.db.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.db.tail.WalIndex;
import io.walsync.host.HostLocks;
import io.walsync.sqlite.CheckpointResult;
import io.walsync.sqlite.HostDriver;
import io.walsync.wal.WalCount;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins in every SQLite that the drivers bring, the ones with the WAL-reset bug among them. */
class PinsTest {

  private static final int STEPS = 60;

  /** SQLite's os_unix.c and wal.c: the lock bytes of the {@code -shm}. */
  private static final long READ_MARK_1 = 124;

  private static final long READ_MARK_4 = 127;

  @TempDir Path folder;

  static Stream<File> drivers() {
    return Arrays.stream(new File(System.getProperty("walsync.drivers")).listFiles())
        .filter(jar -> !jar.getName().contains("-3.7."))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aCheckpointBesideThePinIsMadeUnderAReadMarkThatForbidsAReset(File jar) throws Exception {
    assumeTrue(new File("/proc/locks").canRead(), "the kernel lists its locks");
    long seed = Long.getLong("walsync.seed", System.nanoTime());
    Random random = new Random(seed);
    File path = folder.resolve("app.db").toFile();
    try (URLClassLoader loader = load(jar);
        Connection writer = connect(loader, path);
        Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("PRAGMA wal_autocheckpoint=0");
      statement.execute("CREATE TABLE t(v)");
      long shm = (Long) Files.getAttribute(Path.of(path + "-shm"), "unix:ino");
      HostLocks locks = new HostLocks(0);
      try (Pins pins = new Pins(new HostDriver(loader), path)) {
        Followed followed = new Followed(path);
        pins.take(followed);
        for (int i = 0; i < STEPS; i++) {
          write(statement, random);
          pins.keepUp(followed);
          assertThat(pins.isFirm()).as("step %s, seed %s", i, seed).isTrue();
          assertThat(isResetForbidden(locks, shm)).as("step %s, seed %s", i, seed).isTrue();
          CheckpointResult result = pins.checkpointUnderPin();
          if (result.isComplete() && random.nextBoolean()) {
            followed.frameCount = result.logFrameCount();
            assertThat(pins.advanceAllowingRestart(followed, result)).isTrue();
            assertThatThrownBy(pins::checkpointUnderPin).isInstanceOf(IllegalStateException.class);
          }
        }
      }
    }
  }

  private static boolean isResetForbidden(HostLocks locks, long shm) throws IOException {
    HostLocks.Snapshot held = locks.again();
    boolean isForbidden = false;
    for (long mark = READ_MARK_1; mark <= READ_MARK_4; mark++) {
      isForbidden |= held.holds(shm, mark);
    }
    return isForbidden;
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aPinIsFirmAndNothingIsCopiedForItThoughOthersCommitAsItIsTaken(File jar) throws Exception {
    assumeTrue(new File("/proc/locks").canRead(), "the kernel lists its locks");
    long seed = Long.getLong("walsync.seed", System.nanoTime());
    Random random = new Random(seed);
    File path = folder.resolve("app.db").toFile();
    try (URLClassLoader loader = load(jar);
        Connection writer = connect(loader, path);
        Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("PRAGMA wal_autocheckpoint=0");
      statement.execute("PRAGMA busy_timeout=0");
      statement.execute("CREATE TABLE t(v)");
      long shm = (Long) Files.getAttribute(Path.of(path + "-shm"), "unix:ino");
      HostLocks locks = new HostLocks(0);
      try (Pins pins = new Pins(new HostDriver(loader), path)) {
        Followed followed = new Followed(path);
        pins.take(followed);
        pins.checkpointUnderPin();
        followed.meanwhile = () -> write(statement, random);
        for (int i = 0; i < STEPS; i++) {
          pins.keepUp(followed);
          assertThat(pins.isFirm()).as("step %s, seed %s", i, seed).isTrue();
          assertThat(isResetForbidden(locks, shm)).as("step %s, seed %s", i, seed).isTrue();
        }
        assertThat(followed.copyCount).isZero();
        String[] checkpoints = {"PASSIVE", "RESTART", "TRUNCATE"};
        followed.meanwhile =
            () -> {
              if (random.nextBoolean()) {
                write(statement, random);
              }
              String how = checkpoints[random.nextInt(checkpoints.length)];
              if (random.nextBoolean()) {
                statement.executeQuery("PRAGMA wal_checkpoint(" + how + ")").close();
              }
            };
        for (int i = 0; i < 5 * STEPS; i++) {
          pins.keepUp(followed);
          assertThat(!pins.isFirm() || isResetForbidden(locks, shm))
              .as("step %s, seed %s", i, seed)
              .isTrue();
        }
      }
    }
  }

  /** What a reader of the WAL that has seen everything would say. */
  private static final class Followed implements WalFollower {
    private final WalIndex index;
    private long frameCount;
    private int copyCount;

    /** Happens before each count. */
    private Act meanwhile = () -> {};

    Followed(File database) throws IOException {
      index = WalIndex.of(database);
    }

    @Override
    public WalCount count() throws IOException {
      try {
        meanwhile.run();
      } catch (Exception e) {
        throw new IOException(e);
      }
      return index.count();
    }

    @Override
    public void look() {}

    @Override
    public void copy() {
      copyCount++;
    }

    @Override
    public boolean isWriteUnderWay() {
      return false;
    }

    @Override
    public long frameCount() {
      return frameCount;
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  private static void write(Statement statement, Random random) throws Exception {
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      statement.execute("INSERT INTO t VALUES(randomblob(" + (1 + random.nextInt(9000)) + "))");
    }
  }

  private static URLClassLoader load(File jar) throws Exception {
    // The parent brings slf4j, without which some drivers do not initialise, and no driver of its
    // own.
    URL slf4j = org.slf4j.Logger.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(
        new URL[] {jar.toURI().toURL(), slf4j}, ClassLoader.getPlatformClassLoader());
  }

  private static Connection connect(ClassLoader loader, File path) throws Exception {
    Driver driver =
        (Driver) Class.forName("org.sqlite.JDBC", true, loader).getConstructor().newInstance();
    return driver.connect("jdbc:sqlite:" + path, new Properties());
  }
}
