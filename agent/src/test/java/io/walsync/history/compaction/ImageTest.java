package io.walsync.history.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Clock;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private ReplicaClient client;
  private Past past;
  private Path scratch;

  @BeforeEach
  void place() throws IOException {
    client = new FileReplicaClient(folder.resolve("replica").toFile());
    client.init();
    scratch = Files.createDirectory(folder.resolve("scratch"));
    past = new Past(client, new Random(1), PAGE).begin(20);
  }

  private Image image(long mostScratchBytes) throws IOException {
    List<LtxFileInfo> plan =
        RestorePlan.of("", ReplicaFiles.list(client), RestoreTarget.latest()).files();
    return new Merge(Contents.of(client), scratch, Clock.SYSTEM, new Random(1), Stop.NEVER)
        .image(plan, mostScratchBytes);
  }

  private LtxFileInfo store(Image.Gate gate) throws IOException {
    try (Image image = image(Long.MAX_VALUE)) {
      return image.store(client, past.checksum(), past.epoch, gate);
    }
  }

  private byte[] database(LtxFileInfo snapshot) throws IOException {
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    try (InputStream in = client.open(snapshot, 0, Long.MAX_VALUE)) {
      new LtxDecoder(in).readAll((pgno, page) -> pages.write(page, 0, page.length));
    }
    return pages.toByteArray();
  }

  private void commit(int files) throws IOException {
    Random random = new Random(2);
    for (int i = 0; i < files; i++) {
      past.commit(15 + random.nextInt(12));
    }
  }

  private File[] snapshots() {
    return folder.resolve("replica/ltx/9").toFile().listFiles();
  }

  @Test
  void itIsTheDatabaseWithAllThatIsRecordedBesideTheNewestFile() throws IOException {
    commit(30);
    LtxFileInfo made = store(() -> {});
    assertThat(database(made)).isEqualTo(past.states.get(past.txid));
    assertThat(made.isBase()).isTrue();
    assertThat(made.maxTxid()).isEqualTo(Txid.of(31));
    assertThat(client.list(9, Txid.FIRST, true)).contains(made);
    assertThat(client.recordedDatabaseChecksum(made)).isEqualTo(past.checksum());
    assertThat(client.recordedEpoch(made)).isEqualTo(past.epoch);
    assertThat(client.recordedSha256(made)).isNotNull();
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void ofMoreFilesThanMayBeOpenTheNewestAreMergedFirst() throws IOException {
    commit(300);
    try (Image image = image(Long.MAX_VALUE)) {
      LtxFileInfo made = image.store(client, past.checksum(), past.epoch, () -> {});
      assertThat(database(made)).isEqualTo(past.states.get(past.txid));
    }
    past.commit(20);
    assertThat(store(() -> {}).maxTxid()).isEqualTo(Txid.of(302));
  }

  @Test
  void whatHasToBeMergedFirstMustFit() throws IOException {
    commit(300);
    assertThatThrownBy(() -> image(1_000)).isInstanceOf(ScratchTooLargeException.class);
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void anImageWithAnotherChecksumThanWasRecordedIsNeverSeen() throws IOException {
    commit(3);
    try (Image image = image(Long.MAX_VALUE)) {
      assertThatThrownBy(() -> image.store(client, past.checksum() ^ 1, 1, () -> {}))
          .isInstanceOf(WrongImageException.class)
          .hasMessageContaining("was recorded at its commit, beside level 0");
    }
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void aGateThatIsShutAtTheEndKeepsItFromBeingSeen() throws IOException {
    commit(3);
    assertThatThrownBy(
            () ->
                store(
                    () -> {
                      throw new IOException("not ours any more");
                    }))
        .hasMessage("not ours any more");
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void damageInAnyInputIsSaidAndNothingIsStored() throws IOException {
    commit(3);
    for (File input : folder.resolve("replica/ltx/0").toFile().listFiles()) {
      byte[] whole = Files.readAllBytes(input.toPath());
      byte[] damaged = whole.clone();
      damaged[damaged.length / 2] ^= 1;
      Files.write(input.toPath(), damaged);
      assertThatThrownBy(() -> store(() -> {})).isInstanceOf(LtxFormatException.class);
      Files.write(input.toPath(), whole);
    }
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void aSnapshotOfTheSameStateStaysAndCounts() throws IOException {
    commit(3);
    try (Image second = image(Long.MAX_VALUE)) {
      LtxFileInfo first = store(() -> {});
      assertThat(second.store(client, past.checksum(), past.epoch, () -> {})).isEqualTo(first);
    }
  }

  @Test
  void anotherFileUnderItsNameIsAConflict() throws IOException {
    commit(3);
    try (Image image = image(Long.MAX_VALUE)) {
      Path there = folder.resolve("replica/ltx/9/" + Txid.FIRST + "-" + Txid.of(4) + ".ltx");
      Files.write(there, new byte[3]);
      assertThatThrownBy(() -> image.store(client, past.checksum(), past.epoch, () -> {}))
          .isInstanceOf(LtxFileConflictException.class);
      assertThat(there).hasBinaryContent(new byte[3]);
    }
  }

  @Test
  void noByteCanChangeOnItsWayOutUnseen() throws IOException {
    byte[] file = file(3);
    for (int at = 0; at < file.length; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(
              () -> {
                ProvenOutput out = new ProvenOutput(OutputStream.nullOutputStream());
                out.write(damaged, 0, 50);
                out.write(damaged, 50, damaged.length - 50);
                out.prove();
              })
          .as("byte %d", at)
          .isInstanceOf(LtxFormatException.class);
    }
    ProvenOutput out = new ProvenOutput(OutputStream.nullOutputStream());
    out.write(file);
    assertThat(out.pageCount()).isEqualTo(3);
    out.prove();
  }

  @Test
  void noFileIsLongerThanWasSaid() throws IOException {
    assertThat((long) file(2_000).length)
        .isLessThanOrEqualTo(LtxEncoder.mostBytes(PAGE, 2_000))
        .isGreaterThan(2_000 * PAGE);
  }

  private static byte[] file(int pages) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(PAGE)
            .commit(pages)
            .minTxid(Txid.FIRST)
            .maxTxid(Txid.of(9))
            .timestampMillis(Past.FIRST_MILLIS)
            .build();
    LtxEncoder encoder = new LtxEncoder(out, header, PageEncoding.LZ4_FRAME);
    Random random = new Random(3);
    byte[] page = new byte[PAGE];
    for (int pgno = 1; pgno <= pages; pgno++) {
      random.nextBytes(page);
      encoder.writePage(pgno, page, 0);
    }
    encoder.finish();
    return out.toByteArray();
  }
}
