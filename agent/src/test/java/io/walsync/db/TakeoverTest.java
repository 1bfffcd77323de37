package io.walsync.db;

import static io.walsync.db.Operator.deleteAgentFolder;
import static io.walsync.db.Operator.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Refusal;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One replica and two owners, of which one is us: a real database, a replica in a directory. */
class TakeoverTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(3000))";

  @TempDir Path folder;

  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  private final class Told implements DbEvents {
    @Override
    public void tookOver(String predecessor) {
      told.add("took over from " + predecessor);
    }

    @Override
    public void refused(Refusal refusal) {
      told.add(refusal.toString());
    }
  }

  private static void somebodyOwns(ReplicatedDatabase database) throws IOException {
    somebodyOwns(database.client(), "web-2", "12");
  }

  private static void somebodyOwns(ReplicaClient client, String host, String pid)
      throws IOException {
    OwnerObject before = client.owner();
    Owner next = new Owner(before.owner().epoch() + 1, "somebody", host, pid, 0);
    assertThat(client.replaceOwner(before, next)).isTrue();
  }

  private static LtxHeader header(ReplicatedDatabase database, LtxFileInfo file)
      throws IOException {
    try (InputStream in = database.client().open(file, 0, Long.MAX_VALUE)) {
      LtxDecoder decoder = new LtxDecoder(in, file.toString());
      int[] pageCount = {0};
      decoder.readAll((pgno, page) -> pageCount[0]++);
      assertThat(pageCount[0]).as("pages of " + file).isZero();
      return decoder.header();
    }
  }

  @Test
  void aReplicaThatIsWrittenHasAnOwnerAndKeepsItOverARestart() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, WAL, TABLE, ROW);
      assertThat(database.client().owner().owner().epoch()).isEqualTo(1);
      database.restartAgent();
      run(database, ROW);
      assertThat(database.client().owner().owner().epoch())
          .as("each start is an epoch")
          .isEqualTo(2);
      List<LtxFileInfo> files = database.uploaded(0);
      assertThat(files.get(files.size() - 1).sizeBytes()).as("no empty file").isGreaterThan(1_000);
    }
  }

  @Test
  void withoutLocalStateAForeignOwnerIsFencedOffByAFileWithoutPages() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, WAL, TABLE, ROW, ROW);
      somebodyOwns(database);
      long newest = Math.max(1, database.uploaded(0).size() + 1L);
      database.stopAgent();
      deleteAgentFolder(database);
      database.events = new Told();
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("SELECT count(*) FROM t");
        database.drain();
        List<LtxFileInfo> files = database.uploaded(0);
        LtxFileInfo fence = files.get(files.size() - 1);
        assertThat(fence.maxTxid()).isEqualTo(Txid.of(newest + 1));
        LtxHeader header = header(database, fence);
        assertThat(header.commit()).isEqualTo((int) (database.file.length() / header.pageSize()));
        assertThat(database.client().owner().owner().epoch()).isEqualTo(3);
        assertThat(told).containsExactly("took over from process 12 on web-2 (epoch 2)");

        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(DatabaseText.of(database.restore(folder.resolve("restored.db"))))
          .isEqualTo(DatabaseText.of(database.file));
    }
  }

  @Test
  void whoWasTakenOverUploadsNothingMoreAndSaysBy() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      database.events = new Told();
      database.restartAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        somebodyOwns(database);
        app.execute(ROW);
        database.drain();

        assertThat(database.db().describeState()).isEqualTo("REFUSED");
        assertThat(told)
            .singleElement()
            .asString()
            .startsWith("FENCED: fenced: ")
            .contains("web-2");
        int count = database.uploaded(0).size();
        app.execute(ROW);
        database.drain();
        assertThat(database.uploaded(0)).hasSize(count);
      }
    }
  }

  /** Of no process: it is larger than Linux gives them. */
  private static final String PID_OF_NOBODY = "4194305";

  @Test
  void onlyAPredecessorThatMayBeAliveIsWorthALine() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, WAL, TABLE, ROW);
      String here = database.client().owner().owner().host();
      assumeThat(here).isNotEmpty();
      database.events = new Told();
      String alive = String.valueOf(ProcessHandle.current().parent().orElseThrow().pid());
      for (String pid : List.of(PID_OF_NOBODY, alive)) {
        somebodyOwns(database.client(), here, pid);
        database.restartAgent();
        run(database, ROW);
      }
      assertThat(told).singleElement().asString().contains("process " + alive + " on " + here);
    }
  }

  @Test
  void aRefusalNamesWhoHasTakenTheReplicaOver() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, WAL, TABLE, ROW);
      somebodyOwns(database);
      database.stopAgent();
      deleteAgentFolder(database);
      Files.delete(database.file.toPath());
      database.events = new Told();
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        assertThat(told)
            .singleElement()
            .asString()
            .startsWith("ANOTHER_DATABASE")
            .endsWith("was last taken over by process 12 on web-2 (epoch 2)");
        assertThat(folder.resolve(".app.db-walsync/refused")).content().contains("web-2");
      }
    }
  }

  @Test
  void whoMeetsAFileOfAnotherWriterNamesThatOne() throws Exception {
    AtomicInteger other = new AtomicInteger();
    class Beside extends ForwardingReplicaClient {
      Beside(ReplicaClient delegate) {
        super(delegate);
      }

      @Override
      public void write(LtxFileInfo file, LtxSource content, String sha256) throws IOException {
        if (other.getAndDecrement() > 0) {
          byte[] theirs = laterThan(content);
          super.write(file, new BytesSource(theirs), Sha256.hexOf(theirs));
          somebodyOwns(this, "web-2", "12");
        }
        super.write(file, content, sha256);
      }
    }
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder, Beside::new)) {
      database.events = new Told();
      database.restartAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        other.set(1);
        app.execute(ROW);
        database.drain();
        assertThat(told)
            .singleElement()
            .asString()
            .startsWith("FENCED")
            .contains("last taken over by process 12 on web-2 (epoch 2)");
      }
    }
  }

  /** A file without pages as well, and another one. */
  private static byte[] laterThan(LtxSource empty) throws IOException {
    byte[] header = new byte[LtxHeader.SIZE];
    try (DataInputStream in = new DataInputStream(empty.open(0))) {
      in.readFully(header);
    }
    LtxHeader own = LtxHeader.decode(header);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LtxHeader later = own.toBuilder().timestampMillis(own.timestampMillis() + 1).build();
    new LtxEncoder(bytes, later, PageEncoding.LZ4_FRAME).finish();
    return bytes.toByteArray();
  }

  /** A predecessor that goes on while it is taken over. */
  @Test
  void aPredecessorThatWasFasterThanTheFenceIsReadBeforeAnythingElse() throws Exception {
    AtomicInteger faster = new AtomicInteger();
    class Busy extends ForwardingReplicaClient {
      Busy(ReplicaClient delegate) {
        super(delegate);
      }

      @Override
      public void write(LtxFileInfo file, LtxSource content, String sha256) throws IOException {
        if (faster.getAndDecrement() > 0) {
          byte[] other = laterThan(content);
          super.write(file, new BytesSource(other), Sha256.hexOf(other));
        }
        super.write(file, content, sha256);
      }
    }
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder, Busy::new)) {
      run(database, WAL, TABLE, ROW, ROW);
      somebodyOwns(database);
      database.stopAgent();
      deleteAgentFolder(database);
      database.events = new Told();
      database.startAgent();
      int count = database.uploaded(0).size();
      faster.set(1);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("SELECT count(*) FROM t");
        database.drain();
      }
      database.drain();
      assertThat(told).containsExactly("took over from process 12 on web-2 (epoch 2)");
      assertThat(database.client().owner().owner().epoch()).isEqualTo(3);
      assertThat(database.uploaded(0)).hasSize(count + 2);
    }
  }
}
