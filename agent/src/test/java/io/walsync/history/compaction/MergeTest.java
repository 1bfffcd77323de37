package io.walsync.history.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Clock;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Pgno;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeTest {

  @TempDir Path folder;
  private ReplicaClient client;
  private int pageSize = 512;
  private PageEncoding encoding = PageEncoding.LZ4_FRAME;

  @BeforeEach
  void place() throws IOException {
    client = new FileReplicaClient(folder.resolve("replica").toFile());
    client.init();
  }

  private LtxFileInfo put(long txid, int commit, int... pgnos) throws IOException {
    return putAs(txid, txid, txid, commit, pgnos);
  }

  private LtxFileInfo putAs(long txid, long headerMin, long headerMax, int commit, int... pgnos)
      throws IOException {
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(pageSize)
            .commit(commit)
            .minTxid(Txid.of(headerMin))
            .maxTxid(Txid.of(headerMax))
            .timestampMillis(Past.FIRST_MILLIS + txid)
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    for (int pgno : pgnos) {
      byte[] page = new byte[pageSize];
      Arrays.fill(page, (byte) txid);
      encoder.writePage(pgno, page, 0);
    }
    encoder.finish();
    return write(txid, out.toByteArray());
  }

  private LtxFileInfo write(long txid, byte[] content) throws IOException {
    LtxFileInfo file =
        new LtxFileInfo(0, Txid.of(txid), Txid.of(txid), content.length, Past.FIRST_MILLIS + txid);
    client.write(file, new BytesSource(content), Sha256.hexOf(content));
    return file;
  }

  private Merged merge(ReplicaClient from, LtxFileInfo... inputs) throws IOException {
    Clock still =
        new Clock() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public long millis() {
            return 0;
          }

          @Override
          public void pause(long nanos) {}
        };
    return new Merge(Contents.of(from), folder, still, new Random(1), Stop.NEVER)
        .run(List.of(inputs));
  }

  /** Page number, and the TXID that its content is of. */
  private Map<Integer, Integer> pages(Merged merged) throws IOException {
    Map<Integer, Integer> pages = new TreeMap<>();
    new LtxDecoder(merged.open())
        .readAll((pgno, page) -> pages.put(pgno, (int) page[pageSize - 1]));
    return pages;
  }

  @Test
  void theNewestVersionOfEachPageIsKept() throws IOException {
    try (Merged merged = merge(client, put(2, 9, 1, 3, 9), put(3, 9, 3), put(4, 9, 1, 5))) {
      assertThat(pages(merged)).isEqualTo(Map.of(1, 4, 3, 3, 5, 4, 9, 2));
      assertThat(merged.file().toString()).startsWith("level 1 " + Txid.of(2) + "-" + Txid.of(4));
      assertThat(merged.file().createdMillis()).isEqualTo(Past.FIRST_MILLIS + 4);
    }
  }

  @Test
  void pagesThatWereTruncatedAreDroppedAlsoWhereTheDatabaseGrewAgain() throws IOException {
    try (Merged merged =
        merge(client, put(2, 9, 1, 7, 8, 9), put(3, 4, 2), put(4, 6, 5, 6), put(5, 5, 1))) {
      assertThat(pages(merged)).isEqualTo(Map.of(1, 5, 2, 3, 5, 4));
    }
  }

  @Test
  void filesWithoutPagesAreMergedLikeOthers() throws IOException {
    try (Merged merged = merge(client, put(2, 4), put(3, 4))) {
      assertThat(pages(merged)).isEmpty();
    }
    try (Merged merged = merge(client, put(4, 4, 2), put(5, 4), put(6, 4, 3))) {
      assertThat(pages(merged)).isEqualTo(Map.of(2, 4, 3, 6));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void theLockPageIsInNoFileAlsoWhereTheDatabaseGrowsBeyondIt(int size) throws IOException {
    pageSize = size;
    int lock = Pgno.lockPage(size);
    LtxFileInfo below = put(2, lock - 1, lock - 1);
    LtxFileInfo beyond = put(3, lock + 2, lock + 1, lock + 2);
    try (Merged merged = merge(client, below, beyond)) {
      assertThat(pages(merged)).isEqualTo(Map.of(lock - 1, 2, lock + 1, 3, lock + 2, 3));
    }
  }

  @Test
  void aFileThatMadeTheDatabaseGrowMustHoldWhatItAdded() throws IOException {
    assertRefused("added to the database by no file", put(2, 4, 1), put(3, 7, 5, 7));
  }

  private void assertRefused(String reason, LtxFileInfo... inputs) {
    assertThatThrownBy(() -> merge(client, inputs))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining(reason);
    assertThat(folder.toFile().list()).as("no scratch file").containsExactly("replica");
  }

  @Test
  void gapsOverlapsAndOneFileAloneAreRefused() throws IOException {
    LtxFileInfo two = put(2, 4, 1);
    LtxFileInfo four = put(4, 4, 1);
    assertRefused("does not follow", two, four);
    assertRefused("does not follow", two, two);
    assertRefused("nothing to merge", two);
  }

  @Test
  void aFileUnderAnothersNameIsRefused() throws IOException {
    assertRefused("under another name", put(2, 4, 1), putAs(3, 2, 3, 4, 1));
  }

  @Test
  void anotherPageSizeIsRefused() throws IOException {
    LtxFileInfo two = put(2, 4, 1);
    pageSize = 1024;
    assertRefused("page size changes", two, put(3, 4, 1));
  }

  @Test
  void damageAtAnyByteOfAnInputIsFound() throws IOException {
    LtxFileInfo two = put(2, 4, 1, 2);
    LtxFileInfo three = put(3, 4, 2, 4);
    Path path = folder.resolve("replica/ltx/0/" + three.fileName());
    byte[] whole = Files.readAllBytes(path);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(path, damaged);
      boolean isReserved = at >= 72 && at < 100; // covered by the checksum alone
      assertThatThrownBy(() -> merge(client, two, three))
          .as("byte %d, reserved: %s", at, isReserved)
          .isInstanceOf(LtxFormatException.class);
    }
    assertThat(folder.toFile().list()).as("no scratch file").containsExactly("replica");
  }

  @Test
  void aFileThatIsShorterThanListedIsRefused() throws IOException {
    LtxFileInfo two = put(2, 4, 1, 2);
    LtxFileInfo three = put(3, 4, 2, 4);
    Path path = folder.resolve("replica/ltx/0/" + three.fileName());
    Files.write(path, Arrays.copyOf(Files.readAllBytes(path), 150));
    assertThatThrownBy(() -> merge(client, two, three))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("earlier than listed");
  }

  @Test
  void anInputThatIsGoneEndsTheMerge() throws IOException {
    LtxFileInfo two = put(2, 4, 1, 2);
    LtxFileInfo three = put(3, 4, 2, 4);
    client.delete(List.of(three));
    assertThatThrownBy(() -> merge(client, two, three)).isInstanceOf(LtxFileMissingException.class);
  }

  @Test
  void aRequestThatFailsIsMadeAgainAndOneThatIsForbiddenIsNot() throws IOException {
    LtxFileInfo two = put(2, 4, 1, 2);
    LtxFileInfo three = put(3, 4, 2, 4);
    List<String> asked = new ArrayList<>();
    ReplicaClient failing =
        new ForwardingReplicaClient(client) {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            asked.add(file.fileName());
            if (asked.size() < 4) {
              throw new ReplicaException("a storm", false);
            }
            return super.open(file, offset, length);
          }
        };
    merge(failing, two, three).close();
    assertThat(asked).as("three failures, and one request for each file").hasSize(5);

    asked.clear();
    ReplicaClient forbidding =
        new ForwardingReplicaClient(client) {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            asked.add(file.fileName());
            throw new ReplicaException("forbidden", true);
          }
        };
    assertThatThrownBy(() -> merge(forbidding, two, three)).hasMessage("forbidden");
    assertThat(asked).hasSize(1);
  }

  @Test
  void aLargeFileIsFetchedInRanges() throws IOException {
    pageSize = 65536;
    int[] all = new int[200];
    Arrays.setAll(all, i -> i + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(pageSize)
            .commit(200)
            .minTxid(Txid.of(2))
            .maxTxid(Txid.of(2))
            .timestampMillis(Past.FIRST_MILLIS)
            .build();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    Random random = new Random(1);
    byte[] page = new byte[pageSize];
    for (int pgno : all) {
      random.nextBytes(page);
      encoder.writePage(pgno, page, 0);
    }
    encoder.finish();
    LtxFileInfo large = write(2, out.toByteArray());
    List<Long> lengths = new ArrayList<>();
    ReplicaClient watched =
        new ForwardingReplicaClient(client) {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            lengths.add(length);
            return super.open(file, offset, length);
          }
        };
    try (Merged merged = merge(watched, large, put(3, 200, 7))) {
      assertThat(merged.pageCount()).isEqualTo(200);
    }
    assertThat(lengths).hasSizeBetween(7, 10).allMatch(each -> each <= Merge.BUFFERS_BYTES / 2);
  }

  @Test
  void theOutputHasTheEncodingThatEveryReaderOfTheInputsKnows() throws IOException {
    encoding = PageEncoding.LZ4_BLOCK;
    LtxFileInfo two = put(2, 4, 1, 2);
    LtxFileInfo three = put(3, 4, 2, 4);
    encoding = PageEncoding.LZ4_FRAME;
    LtxFileInfo four = put(4, 4, 2);
    assertThat(flagsOf(merge(client, two, three))).isEqualTo(1);
    assertThat(flagsOf(merge(client, three, four))).isZero();
  }

  private static int flagsOf(Merged merged) throws IOException {
    try (merged) {
      byte[] start = merged.open().readNBytes(106);
      return start[105];
    }
  }

  @Test
  void theSameInputsMakeTheSameBytes() throws IOException {
    LtxFileInfo two = put(2, 4, 1, 2);
    LtxFileInfo three = put(3, 4, 2, 4);
    try (Merged first = merge(client, two, three);
        Merged second = merge(client, two, three)) {
      byte[] bytes = first.open().readAllBytes();
      assertThat(second.open().readAllBytes()).isEqualTo(bytes);
      first.store(client);
      second.store(client);
      try (InputStream stored = client.open(first.file(), 0, Long.MAX_VALUE)) {
        assertThat(stored.readAllBytes()).isEqualTo(bytes);
      }
      assertThat(new LtxDecoder(new ByteArrayInputStream(bytes)).header().isTracked()).isFalse();
    }
  }
}
