package io.walsync.db.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.capture.Capture;
import io.walsync.db.capture.Hold;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.db.tail.DatabaseImage;
import io.walsync.files.DatabaseFile;
import io.walsync.io.Clock;
import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Pgno;
import io.walsync.sqlite.HostDriver;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A database is read page by page while others commit, shrink it and checkpoint as they like, and
 * the pin moves on in between. What was read must be the database as it stood when the scan began;
 * what was committed meanwhile must bring it to the state that SQLite shows in the end.
 */
class MovingScanPropertyTest {

  private static final int PAGE_SIZE = 1024;
  private static final String[] MODES = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};

  @TempDir Path folder;

  private Random random;
  private File database;
  private final List<String> history = new ArrayList<>();

  /** Over all histories. */
  private static int busyCount;

  private static int checkpointCount;
  private static int restartCount;

  static LongStream seeds() {
    long first = Long.getLong("walsync.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("walsync.seeds", 40));
  }

  @AfterAll
  static void checkpointsOfOthersWentThroughBesideTheScan() {
    assertThat(restartCount).isPositive();
    assertThat(checkpointCount).isGreaterThan(busyCount);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsReadIsOneStateAndWhatFollowsLeadsToTheLast(long seed) throws Exception {
    random = new Random(seed);
    database = folder.resolve("app.db").toFile();
    File stagingFolder = folder.resolve("staging").toFile();
    try (Connection writer = connect();
        Connection other = connect()) {
      run(writer, "PRAGMA page_size=" + PAGE_SIZE, "PRAGMA journal_mode=wal");
      run(writer, "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
      for (int i = 0; i < 40 + random.nextInt(100); i++) {
        write(writer);
      }
      if (random.nextBoolean()) {
        run(other, "PRAGMA wal_checkpoint(" + MODES[random.nextInt(MODES.length)] + ")");
      }
      DatabaseFile file = DatabaseFile.of(database);
      try (Staging staging = Staging.open(Disk.REAL, stagingFolder);
          Hold hold = Hold.pinning(database, file, new HostDriver(getClass().getClassLoader()))) {
        staging.save(Position.before(0));
        hold.pins().take(hold.capture(staging, PageEncoding.values()[0]));
        List<byte[]> expected = whole(hold);
        try (MovingScan scan =
            new MovingScan(hold, staging, PageEncoding.values()[0], Clock.SYSTEM)) {
          DatabaseImage image = scan.image();
          assertThat(image.commit()).as("seed %s", seed).isEqualTo(expected.size());
          byte[] page = new byte[PAGE_SIZE];
          for (int pgno = 1; pgno <= image.commit(); pgno++) {
            for (int steps = random.nextInt(3); steps > 0; steps--) {
              step(writer, other, hold, scan);
            }
            image.readPage(pgno, page);
            assertThat(page)
                .as("page %s, seed %s, %s", pgno, seed, history)
                .isEqualTo(expected.get(pgno - 1));
          }
          staging.save(staging.position().captured(PAGE_SIZE, image.commit(), 0));
          scan.stageCommitted(System.currentTimeMillis());
          Map<Integer, byte[]> last = new TreeMap<>();
          for (int pgno = 1; pgno <= expected.size(); pgno++) {
            last.put(pgno, expected.get(pgno - 1));
          }
          Capture capture = hold.capture(staging, PageEncoding.values()[0]);
          capture.copy();
          for (File segment : staging.segments().all()) {
            apply(segment, last);
          }
          List<byte[]> now = whole(hold);
          assertThat(last.keySet()).as("seed %s, %s", seed, history).hasSize(now.size());
          for (int pgno = 1; pgno <= now.size(); pgno++) {
            assertThat(last.get(pgno))
                .as("page %s in the end, seed %s, %s", pgno, seed, history)
                .isEqualTo(now.get(pgno - 1));
          }
        }
      }
    }
  }

  /** Read at once, under the pin that stands. */
  private static List<byte[]> whole(Hold hold) throws Exception {
    DatabaseImage.Kept none =
        new DatabaseImage.Kept() {
          @Override
          public boolean has(int pgno) {
            return false;
          }

          @Override
          public void put(int pgno, byte[] page) {}

          @Override
          public boolean get(int pgno, byte[] page) {
            return false;
          }
        };
    DatabaseImage image = hold.image(none, () -> {});
    List<byte[]> pages = new ArrayList<>();
    for (int pgno = 1; pgno <= image.commit(); pgno++) {
      byte[] page = new byte[PAGE_SIZE];
      if (pgno != Pgno.lockPage(PAGE_SIZE)) {
        image.readPage(pgno, page);
      }
      pages.add(page);
    }
    return pages;
  }

  private static void apply(File segment, Map<Integer, byte[]> pages) throws Exception {
    try (InputStream in = new BufferedInputStream(new FileInputStream(segment))) {
      LtxDecoder decoder = new LtxDecoder(in, segment.getPath());
      byte[] page = new byte[PAGE_SIZE];
      for (int pgno = decoder.nextPage(page); pgno != 0; pgno = decoder.nextPage(page)) {
        pages.put(pgno, page.clone());
      }
      int commit = decoder.header().commit();
      pages.keySet().removeIf(pgno -> pgno > commit);
    }
  }

  private void step(Connection writer, Connection other, Hold hold, MovingScan scan)
      throws Exception {
    int choice = random.nextInt(100);
    if (choice < 45) {
      write(writer);
    } else if (choice < 75) {
      history.add("move");
      long frames = hold.tail().frameCount();
      hold.pins().keepUpHandOverHand(scan);
      restartCount += hold.tail().frameCount() < frames ? 1 : 0;
    } else if (choice < 98) {
      String mode = MODES[random.nextInt(MODES.length)];
      checkpointCount++;
      busyCount += attempt(other, "PRAGMA wal_checkpoint(" + mode + ")") ? 0 : 1;
    } else {
      attempt(writer, "VACUUM");
    }
  }

  private void write(Connection writer) throws SQLException {
    switch (random.nextInt(6)) {
      case 0:
        attempt(writer, "DELETE FROM t WHERE id % 7 = " + random.nextInt(7));
        break;
      case 1:
        attempt(
            writer,
            "UPDATE t SET v = randomblob(" + (1 + random.nextInt(900)) + ") WHERE id % 5 = 1");
        break;
      default:
        attempt(writer, "INSERT INTO t(v) VALUES(randomblob(" + (1 + random.nextInt(5000)) + "))");
    }
  }

  private boolean attempt(Connection connection, String sql) throws SQLException {
    history.add(sql);
    try {
      run(connection, sql);
      return true;
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("SQLITE_BUSY");
      history.add("busy");
      return false;
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    run(connection, "PRAGMA busy_timeout=0", "PRAGMA wal_autocheckpoint=0");
    return connection;
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
