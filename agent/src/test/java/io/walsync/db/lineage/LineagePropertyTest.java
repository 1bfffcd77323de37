package io.walsync.db.lineage;

import static io.walsync.db.Operator.agentFolder;
import static io.walsync.db.Operator.deleteAgentFolder;
import static io.walsync.db.Operator.restoreInPlace;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.ReplicatedDatabase;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreTarget;
import io.walsync.testkit.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of a database that loses its folder, its disk or its newest state and comes back:
 * the newest state and its commits go on, whatever pages returned to older contents, and an older
 * state never does, whatever is committed to it.
 */
class LineagePropertyTest {

  private static final int LIVES = 7;
  private static final String[] SCHEMA = {
    "PRAGMA journal_mode=wal",
    "CREATE TABLE IF NOT EXISTS state(id INTEGER PRIMARY KEY, running)",
    "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)",
    "INSERT OR IGNORE INTO state VALUES(1, 0)"
  };

  @TempDir Path folder;

  private Random random;
  private ReplicatedDatabase database;
  private final List<String> history = new ArrayList<>();

  static LongStream seeds() {
    long first = Long.getLong("walsync.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("walsync.seeds", 12));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void onlyTheNewestStateGoesOnAndItAlwaysDoes(long seed) throws Exception {
    random = new Random(seed);
    history.add("seed " + seed);
    try (ReplicatedDatabase replicated = new ReplicatedDatabase(folder)) {
      database = replicated;
      run(2 + random.nextInt(5));
      for (int life = 0; life < LIVES; life++) {
        database.stopAgent();
        if (random.nextInt(3) == 0) {
          comeBackOlder();
        } else {
          comeBack();
          database.startAgent();
          run(1 + random.nextInt(5));
        }
      }
    }
  }

  /** One process of the application, whose commits must all be in the replica at its end. */
  private void run(int stepCount) throws Exception {
    int snapshots = database.uploaded(LtxFileInfo.LEVEL_SNAPSHOT).size();
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(SCHEMA);
      step(app, "UPDATE state SET running = 1");
      for (int i = 0; i < stepCount; i++) {
        step(app, change());
      }
      step(app, "UPDATE state SET running = 0");
      database.drain();
      assertThat(database.db().describeState()).as("%s", history).isNotEqualTo("REFUSED");
    }
    database.drain();
    File restored = database.restore(folder.resolve("restored.db"));
    assertThat(Files.mismatch(restored.toPath(), database.file.toPath()))
        .as("%s", history)
        .isEqualTo(-1);
    assertThat(database.uploaded(LtxFileInfo.LEVEL_SNAPSHOT)).hasSize(Math.max(1, snapshots));
  }

  private void step(ReplicatedDatabase.App app, String sql) throws Exception {
    history.add(sql);
    app.execute(sql);
    if (random.nextInt(3) == 0) {
      history.add("drain");
      database.drain();
    }
  }

  private String change() {
    switch (random.nextInt(8)) {
      case 0:
        return "VACUUM";
      case 1:
        return "DELETE FROM t WHERE id % 4 = " + random.nextInt(4);
      case 2:
        return "UPDATE state SET running = 1 - running";
      case 3:
        return "INSERT INTO t(v) VALUES(zeroblob(" + random.nextInt(20_000) + "))";
      default:
        return "INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(5_000) + "))";
    }
  }

  /** The newest state, by one way or another. */
  private void comeBack() throws Exception {
    switch (random.nextInt(5)) {
      case 0:
        history.add("folder lost");
        deleteAgentFolder(database);
        break;
      case 1:
        history.add("restored on a new disk");
        deleteAgentFolder(database);
        restoreInPlace(database, RestoreTarget.latest());
        break;
      case 2:
        history.add("restored over the old");
        restoreInPlace(database, RestoreTarget.latest());
        break;
      case 3:
        history.add("copied");
        deleteAgentFolder(database);
        Path copy = folder.resolve("copy.db");
        Files.copy(database.file.toPath(), copy);
        Files.move(copy, database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
        break;
      default:
        history.add("put back folder");
        putBackFolder();
        break;
    }
  }

  /** An old folder beside a database that has gone on. */
  private void putBackFolder() throws Exception {
    Path old = folder.resolve("old-folder");
    Folders.copy(agentFolder(database), old);
    database.startAgent();
    run(1);
    database.stopAgent();
    deleteAgentFolder(database);
    Folders.copy(old, agentFolder(database));
    Folders.delete(old);
  }

  /** An older state, which must be refused and leave the replica as it was. */
  private void comeBackOlder() throws Exception {
    List<LtxFileInfo> files = database.uploaded(LtxFileInfo.LEVEL_L0);
    byte[] newest = Files.readAllBytes(database.file.toPath());
    boolean isTogether = files.isEmpty() || random.nextBoolean() && files.size() > 1;
    Path old = folder.resolve("old-folder");
    if (isTogether) {
      history.add("put back together");
      Folders.copy(agentFolder(database), old);
      byte[] older = newest;
      database.startAgent();
      run(1);
      database.stopAgent();
      newest = Files.readAllBytes(database.file.toPath());
      deleteAgentFolder(database);
      Folders.copy(old, agentFolder(database));
      Folders.delete(old);
      Files.write(database.file.toPath(), older);
    } else {
      Txid txid = files.get(random.nextInt(files.size())).maxTxid();
      boolean isFolderKept = random.nextBoolean();
      history.add("restored to " + txid + (isFolderKept ? " beside the folder" : ""));
      if (!isFolderKept) {
        deleteAgentFolder(database);
      }
      restoreInPlace(database, RestoreTarget.at(txid));
    }
    boolean isNewestByContent = hasContentOf(newest);
    files = database.uploaded(LtxFileInfo.LEVEL_L0);
    for (int start = 0; start < 1 + random.nextInt(2) && !isNewestByContent; start++) {
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        for (int i = random.nextInt(3); i >= 0; i--) {
          String sql = "INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(3_000) + "))";
          history.add("refused: " + sql);
          app.execute(sql);
        }
        database.drain();
        assertThat(database.db().describeState()).as("%s", history).isEqualTo("REFUSED");
      }
      database.stopAgent();
    }
    assertThat(database.uploaded(LtxFileInfo.LEVEL_L0)).as("%s", history).isEqualTo(files);
    history.add("restored after the refusal");
    restoreInPlace(database, RestoreTarget.latest());
    database.startAgent();
    run(1);
  }

  private boolean hasContentOf(byte[] newest) throws IOException {
    return java.util.Arrays.equals(newest, Files.readAllBytes(database.file.toPath()));
  }
}
