package io.walsync.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeListTest {

  private static final int PAGE_SIZE = 512;

  @TempDir Path folder;

  private byte[] bytes;
  private int freeCount;

  /** More free pages than one trunk lists. */
  private void makeDatabase(String... statements) throws SQLException, IOException {
    Path file = folder.resolve("app.db");
    Files.deleteIfExists(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size=" + PAGE_SIZE);
      statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
      statement.execute(
          "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 900)"
              + " INSERT INTO t(v) SELECT hex(randomblob(150)) FROM n");
      for (String sql : statements) {
        statement.execute(sql);
      }
      freeCount = statement.executeQuery("PRAGMA freelist_count").getInt(1);
    }
    bytes = Files.readAllBytes(file);
  }

  private byte[] page(int pgno) {
    return Arrays.copyOfRange(bytes, (pgno - 1) * PAGE_SIZE, pgno * PAGE_SIZE);
  }

  private FreeList ofEveryPage() {
    FreeList list = new FreeList();
    for (int pgno = 1; pgno <= bytes.length / PAGE_SIZE; pgno++) {
      list.add(pgno, page(pgno));
    }
    return list;
  }

  @Test
  void everyPageOfADeletedTableIsFree() throws Exception {
    makeDatabase("DELETE FROM t");
    assertThat(freeCount).isGreaterThan(2 * PAGE_SIZE / 4);
    assertThat(ofEveryPage().pages().cardinality()).isEqualTo(freeCount);
    assertThat(FreeList.of(page(1), this::page).pages()).isEqualTo(ofEveryPage().pages());
  }

  @Test
  void whatIsWrittenAgainIsFreeNoMore() throws Exception {
    makeDatabase("DELETE FROM t");
    FreeList list = ofEveryPage();
    makeDatabase("DELETE FROM t", "INSERT INTO t(v) VALUES(hex(randomblob(60000)))");
    for (int pgno = bytes.length / PAGE_SIZE; pgno > 0; pgno--) {
      list.add(pgno, page(pgno));
    }
    assertThat(list.isKnown()).isTrue();
    assertThat(list.pages().cardinality()).isEqualTo(freeCount);
  }

  @Test
  void aDatabaseOfWhichNothingWasDeletedHasNone() throws Exception {
    makeDatabase();
    assertThat(ofEveryPage().pages()).isEqualTo(new BitSet());
  }

  @Test
  void aListThatLeadsBackToItselfEnds() {
    byte[] first = new byte[PAGE_SIZE];
    first[35] = 2;
    byte[] trunk = new byte[PAGE_SIZE];
    trunk[3] = 2;
    FreeList list = new FreeList();
    list.add(1, first);
    list.add(2, trunk);
    assertThat(list.pages()).isEqualTo(BitSet.valueOf(new long[] {1 << 2}));
  }
}
