package io.walsync.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.ByteTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables in the package comment say what SQLite writes and what is read here. */
class WalLayoutTest {

  @TempDir Path folder;

  private Map<String, ByteTable> tables;

  @BeforeEach
  void readTables() throws IOException {
    tables = ByteTable.of("io.walsync.wal");
  }

  @Test
  void fieldsFollowOneAnotherWithoutAGap() {
    assertThat(tables)
        .containsOnlyKeys(
            "WAL header", "frame header", "wal-index header", "checkpoint information");
    tables.forEach(
        (title, table) -> {
          int end = table.fields().get(0).offset();
          for (ByteTable.Field field : table.fields()) {
            assertThat(field.offset()).as(title + ": " + field.name()).isEqualTo(end);
            end += field.size();
          }
          int size = table.size() == ByteTable.OPEN ? WalCount.SIZE : table.size();
          assertThat(end).as(title).isEqualTo(size);
        });
  }

  @Test
  void aWalOfSqliteHasEachFieldWhereTheTableSays() throws Exception {
    byte[] wal = SqliteWal.bytes(folder, 4096, "insert into t values(1, zeroblob(9000))");
    WalHeader header = WalHeader.parse(wal);
    Map<String, Integer> fields = values(wal, 0, tables.get("WAL header"), ByteOrder.BIG_ENDIAN);

    assertThat(fields)
        .containsEntry("magic", header.isBigEndianChecksum() ? 0x377f0683 : 0x377f0682)
        .containsEntry("format version", 3007000)
        .containsEntry("page size", 4096)
        .containsEntry("checkpoint sequence", header.checkpointSequence())
        .containsEntry("salt-1", header.salt1())
        .containsEntry("salt-2", header.salt2())
        .containsEntry("checksum-1", WalChecksum.checksum1(header.checksum()))
        .containsEntry("checksum-2", WalChecksum.checksum2(header.checksum()))
        .hasSize(8);

    for (int offset : SqliteWal.frameOffsets(header, wal)) {
      Map<String, Integer> frame =
          values(wal, offset, tables.get("frame header"), ByteOrder.BIG_ENDIAN);
      long checksum = WalFrameHeader.checksum(wal, offset);
      assertThat(frame)
          .containsEntry("page number", WalFrameHeader.pgno(wal, offset))
          .containsEntry("commit", WalFrameHeader.commit(wal, offset))
          .containsEntry("salt-1", header.salt1())
          .containsEntry("salt-2", header.salt2())
          .containsEntry("checksum-1", WalChecksum.checksum1(checksum))
          .containsEntry("checksum-2", WalChecksum.checksum2(checksum))
          .hasSize(6);
    }
  }

  @Test
  void aWalIndexOfSqliteHasEachFieldWhereTheTableSays() throws Exception {
    Path database = folder.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode=wal");
      statement.execute("create table t(a)");
      statement.execute("insert into t values(zeroblob(20000))");
      byte[] wal = Files.readAllBytes(folder.resolve("app.db-wal"));
      statement.execute("pragma wal_checkpoint(passive)");
      byte[] index = Arrays.copyOf(Files.readAllBytes(folder.resolve("app.db-shm")), WalCount.SIZE);

      ByteOrder order = ByteOrder.nativeOrder();
      ByteTable table = tables.get("wal-index header");
      WalHeader header = WalHeader.parse(wal);
      WalCount count = WalCount.parse(index);
      int frames = SqliteWal.frameOffsets(header, wal).size();
      assertThat(values(index, 0, table, order))
          .containsEntry("version", 3007000)
          .containsEntry("iChange", count.changeCount())
          .containsEntry("isInit", 1)
          .containsEntry("bigEndCksum", header.isBigEndianChecksum() ? 1 : 0)
          .containsEntry("page size", 4096)
          .containsEntry("mxFrame", frames)
          .containsEntry("nPage", count.pageCount())
          .containsEntry("frame checksum-1", WalChecksum.checksum1(count.frameChecksum()))
          .containsEntry("frame checksum-2", WalChecksum.checksum2(count.frameChecksum()))
          .isEqualTo(values(index, table.size(), table, order));
      assertThat(values(index, 0, table, ByteOrder.BIG_ENDIAN))
          .containsEntry("salt-1", header.salt1())
          .containsEntry("salt-2", header.salt2());
      assertThat(count.frameCount()).isEqualTo(frames);
      assertThat(count.backfilledCount()).isEqualTo(frames);
      assertThat(values(index, 0, tables.get("checkpoint information"), order))
          .containsEntry("nBackfill", frames);
    }
  }

  /** The fields of up to 4 bytes. */
  private static Map<String, Integer> values(
      byte[] bytes, int start, ByteTable table, ByteOrder order) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    Map<String, Integer> values = new TreeMap<>();
    for (ByteTable.Field field : table.fields()) {
      int at = start + field.offset();
      if (field.size() == 4) {
        values.put(field.name(), buffer.getInt(at));
      } else if (field.size() == 2) {
        values.put(field.name(), buffer.getShort(at) & 0xffff);
      } else if (field.size() == 1) {
        values.put(field.name(), buffer.get(at) & 0xff);
      }
    }
    return values;
  }
}
