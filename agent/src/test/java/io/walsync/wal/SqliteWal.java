package io.walsync.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** WAL files of real SQLite. */
final class SqliteWal {

  private SqliteWal() {}

  /** Some transactions, read while the connection is open. */
  static byte[] bytes(Path folder, int pageSize, String... statements)
      throws SQLException, IOException {
    Path database = folder.resolve("wal-" + pageSize + ".db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma page_size=" + pageSize);
      statement.execute("pragma journal_mode=wal");
      statement.execute("pragma wal_autocheckpoint=0");
      statement.execute("create table t(a integer primary key, b blob)");
      for (String sql : statements) {
        statement.execute(sql);
      }
      return Files.readAllBytes(folder.resolve(database.getFileName() + "-wal"));
    }
  }

  /** The same WAL as a machine of the other byte order writes it. */
  static byte[] withChecksumsOfTheOtherByteOrder(byte[] wal) throws WalFormatException {
    byte[] other = wal.clone();
    WalHeader header = WalHeader.parse(wal);
    boolean isBigEndian = !header.isBigEndianChecksum();
    ByteBuffer to = ByteBuffer.wrap(other);
    to.putInt(0, isBigEndian ? 0x377f0683 : 0x377f0682);
    long state = WalChecksum.update(0, other, 0, 24, isBigEndian);
    to.putLong(24, state);
    for (int offset : frameOffsets(header, wal)) {
      state = WalChecksum.update(state, other, offset, 8, isBigEndian);
      state = WalChecksum.update(state, other, offset + 24, header.pageSize(), isBigEndian);
      to.putLong(offset + 16, state);
    }
    return other;
  }

  static List<Integer> frameOffsets(WalHeader header, byte[] wal) {
    List<Integer> offsets = new ArrayList<>();
    for (int frame = 1; header.frameOffset(frame) + header.frameSize() <= wal.length; frame++) {
      offsets.add((int) header.frameOffset(frame));
    }
    return offsets;
  }
}
