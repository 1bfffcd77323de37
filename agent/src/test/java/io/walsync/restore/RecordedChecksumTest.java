package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.history.Proof;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.teststore.Failures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of another database, whole and under a name that fits, stands among a replica's. */
class RecordedChecksumTest {

  private static final int COMMITS = 12;
  private static final int REPLACED = 5;

  @TempDir Path folder;

  private final MemoryReplica replica = new MemoryReplica();
  private final List<LtxFileInfo> files = new ArrayList<>();

  @BeforeEach
  void commit() throws IOException {
    History history = new History(replica, new Random(1), 512, 40);
    for (int i = 0; i < COMMITS; i++) {
      LtxFileInfo file = history.commit();
      RestoreResult state = restore().prove(restore().plan(RestoreTarget.at(file.maxTxid())));
      replica.recordDatabaseChecksum(file, state.checksum());
      files.add(file);
    }
  }

  private Restore restore() {
    return new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE);
  }

  /** With one whose pages have other contents. */
  private void replaceOne() throws IOException {
    LtxFileInfo replaced = files.get(REPLACED);
    LtxDecoder decoder = new LtxDecoder(new ByteArrayInputStream(replica.content(replaced)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, decoder.header(), PageEncoding.values()[0]);
    decoder.readAll(
        (pgno, page) -> {
          byte[] other = page.clone();
          other[200] ^= 1;
          encoder.writePage(pgno, other, 0);
        });
    encoder.finish();
    replica.put(
        replaced.level(),
        replaced.minTxid().value(),
        replaced.maxTxid().value(),
        replaced.createdMillis(),
        out.toByteArray());
  }

  @Test
  void aRestoreThatComesToAnotherDatabaseFailsAndLeavesNothing() throws IOException {
    File output = folder.resolve("app.db").toFile();
    replaceOne();
    Txid txid = files.get(REPLACED).maxTxid();
    assertThatThrownBy(() -> restore().run(RestoreTarget.at(txid), output))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("as it was committed");
    assertThat(folder.toFile().list()).isEmpty();
    restore().run(RestoreTarget.at(files.get(REPLACED - 1).maxTxid()), output);
    assertThat(output).exists();
  }

  @Test
  void everyStateIsComparedOnTheWayToTheNewest() throws IOException {
    assertThat(failed()).isEmpty();
    replaceOne();
    assertThat(failed())
        .contains(files.get(REPLACED).maxTxid())
        .doesNotContain(files.get(REPLACED - 1).maxTxid())
        .doesNotHaveDuplicates();
  }

  private List<Txid> failed() throws IOException {
    Failures failed = new Failures();
    new Proof(replica, restore()).all(failed);
    return failed.txids();
  }
}
