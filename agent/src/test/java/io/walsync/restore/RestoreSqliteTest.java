package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Sha256;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.BytesSource;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreSqliteTest {

  @TempDir Path folder;

  private FileReplicaClient replica;
  private byte[] previous = new byte[0];

  @BeforeEach
  void replicate() throws Exception {
    replica = new FileReplicaClient(folder.resolve("replica").toFile());
    replica.init();
    Path live = folder.resolve("live.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
        Statement statement = connection.createStatement()) {
      statement.execute("create table t(a integer primary key, b blob)");
      statement.execute("create index i on t(b)");
      for (int txid = 1; txid <= 6; txid++) {
        statement.execute("insert into t(b) select randomblob(300) from t limit 500");
        statement.execute("insert into t(b) values (randomblob(5000)), (zeroblob(9000))");
        statement.execute(txid == 5 ? "delete from t where a > 3" : "select 1");
        statement.execute("vacuum");
        upload(txid, Files.readAllBytes(live));
      }
    }
  }

  @Test
  void aRestoredDatabaseIsTheOriginalAndSound() throws Exception {
    File output = folder.resolve("restored.db").toFile();
    RestoreResult result =
        restore(RestoreOptions.defaults().withIntegrityCheck(RestoreSqliteTest::check), output);

    assertThat(result.txid()).isEqualTo(Txid.of(6));
    assertThat(output.toPath()).hasSameBinaryContentAs(folder.resolve("live.db"));
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("live.db", "replica", "restored.db");
  }

  @Test
  void aDatabaseThatIsNotSoundDoesNotTakeItsPlace() throws IOException {
    byte[] broken = previous.clone();
    Arrays.fill(broken, 4096, 4096 + 100, (byte) 0x55);
    upload(7, broken);
    File output = folder.resolve("restored.db").toFile();
    RestoreOptions options = RestoreOptions.defaults().withIntegrityCheck(RestoreSqliteTest::check);
    assertThatThrownBy(() -> restore(options, output))
        .isInstanceOf(RestoreException.class)
        .hasMessageContaining("integrity");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("live.db", "replica");
  }

  private RestoreResult restore(RestoreOptions options, File output) throws IOException {
    return new Restore(replica, options, RestoreProgress.NONE).run(RestoreTarget.latest(), output);
  }

  private static void check(File database) throws IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("pragma integrity_check")) {
      rows.next();
      if (!rows.getString(1).equals("ok")) {
        throw new IOException("integrity check: " + rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IOException("integrity check: " + e.getMessage(), e);
    }
  }

  private void upload(int txid, byte[] database) throws IOException {
    int pageSize = ByteBuffer.wrap(database).getShort(16) & 0xffff;
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    for (int at = 0; at < database.length; at += pageSize) {
      byte[] page = Arrays.copyOfRange(database, at, at + pageSize);
      boolean isSame =
          at + pageSize <= previous.length
              && Arrays.equals(page, Arrays.copyOfRange(previous, at, at + pageSize));
      if (!isSame) {
        pages.put(at / pageSize + 1, page);
      }
    }
    previous = database;
    byte[] content =
        History.ltx(
            pageSize, txid, txid, database.length / pageSize, pages, PageEncoding.LZ4_FRAME);
    LtxFileInfo file =
        new LtxFileInfo(
            txid == 1 ? 9 : 0, Txid.of(txid), Txid.of(txid), content.length, History.millis(txid));
    replica.write(file, new BytesSource(content), Sha256.hexOf(content));
  }
}
