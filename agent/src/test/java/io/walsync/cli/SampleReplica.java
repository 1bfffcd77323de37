package io.walsync.cli;

import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/**
 * A replica in a directory, made of a small real database: a snapshot with one row, then one more
 * row with each TXID, a second apart.
 */
final class SampleReplica {

  /** 2023-11-14T22:13:20Z. */
  static final long FIRST_MILLIS = 1_700_000_000_000L;

  private static final int PAGE_SIZE = 4096;

  private final Path root;
  private final Path database;
  private byte[] content = new byte[0];
  private long txid;

  private SampleReplica(Path root, Path database) {
    this.root = root;
    this.database = database;
  }

  /**
   * @param txidCount how many states the replica has, at least 1
   */
  static SampleReplica create(Path root, Path scratch, int txidCount) throws Exception {
    SampleReplica replica = new SampleReplica(root, Files.createTempFile(scratch, "sample", ".db"));
    replica.execute("CREATE TABLE t(x)");
    for (int i = 0; i < txidCount; i++) {
      replica.commit();
    }
    return replica;
  }

  String url() {
    return "file://" + root;
  }

  /** One more row and one more file, by a clock that says so. */
  void commitAt(long millis) throws Exception {
    execute("INSERT INTO t VALUES(" + (txid + 1) + ")");
    byte[] now = Files.readAllBytes(database);
    txid++;
    Path file = file(LtxFileInfo.LEVEL_L0, txid, txid);
    Files.write(file, encode(now, Txid.of(txid), millis));
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    content = now;
  }

  /** One more row and one more file. */
  void commit() throws Exception {
    execute("INSERT INTO t VALUES(" + (txid + 1) + ")");
    byte[] now = Files.readAllBytes(database);
    txid++;
    int level = txid == 1 ? LtxFileInfo.LEVEL_SNAPSHOT : LtxFileInfo.LEVEL_L0;
    Path file = file(level, txid, txid);
    Files.createDirectories(file.getParent());
    Files.write(file, encode(now, Txid.of(txid), millis(txid)));
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis(txid)));
    content = now;
  }

  /** The newest state, whole. */
  void snapshot() throws IOException {
    byte[] now = content;
    content = new byte[0];
    Path file = file(LtxFileInfo.LEVEL_SNAPSHOT, 1, txid);
    Files.write(file, encode(now, Txid.FIRST, millis(txid)));
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis(txid)));
    content = now;
  }

  static long millis(long txid) {
    return FIRST_MILLIS + 1000 * (txid - 1);
  }

  Path file(int level, long min, long max) {
    return root.resolve("ltx/" + level + "/" + Txid.of(min) + "-" + Txid.of(max) + ".ltx");
  }

  private byte[] encode(byte[] now, Txid minTxid, long millis) throws IOException {
    LtxHeader header =
        LtxHeader.builder()
            .flags(LtxHeader.FLAG_NO_CHECKSUM)
            .pageSize(PAGE_SIZE)
            .commit(now.length / PAGE_SIZE)
            .minTxid(minTxid)
            .maxTxid(Txid.of(txid))
            .timestampMillis(millis)
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, header, PageEncoding.LZ4_FRAME);
    for (int at = 0; at < now.length; at += PAGE_SIZE) {
      boolean isSame =
          at < content.length
              && Arrays.equals(now, at, at + PAGE_SIZE, content, at, at + PAGE_SIZE);
      if (!isSame) {
        encoder.writePage(at / PAGE_SIZE + 1, now, at);
      }
    }
    encoder.finish();
    return out.toByteArray();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a restored copy. */
  static int rowCount(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
