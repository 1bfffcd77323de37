package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.teststore.BytesSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ReplicaClient} keeps. Subclasses supply an empty replica. */
public abstract class ReplicaClientContract {

  private static final long CREATED = 1_790_000_000_123L;
  private static final int RACING_WRITERS = 16;

  protected ReplicaClient client;

  /** A client of an empty replica; a second call gives another client of the same replica. */
  protected abstract ReplicaClient newClient() throws Exception;

  @BeforeEach
  final void openClient() throws Exception {
    client = newClient();
    client.init();
  }

  @AfterEach
  final void closeClient() {
    client.close();
  }

  @Test
  void anEmptyReplicaListsNothing() throws IOException {
    assertThat(client.list(0, Txid.FIRST, false)).isEmpty();
    assertThat(client.list(9, Txid.FIRST, true)).isEmpty();
  }

  @Test
  void aWrittenFileIsListedAndReadBack() throws IOException {
    byte[] content = bytes(5_000);
    LtxFileInfo file = write(0, 7, 9, content);

    assertThat(client.list(0, Txid.FIRST, true)).containsExactly(file);
    assertThat(read(file, 0, Long.MAX_VALUE)).isEqualTo(content);
    assertThat(client.recordedSha256(file)).isIn(Sha256.hexOf(content), null);
  }

  @Test
  void aNoteIsWrittenOnceReadBackAndListedBesideTheFiles() throws IOException {
    NoteStore notes = client.notes();
    assertThat(notes.names("pins/")).isEmpty();
    assertThat(notes.read("pins/a.json")).isNull();
    notes.delete("pins/a.json");

    assertThat(notes.create("pins/b-2.json", bytes(100))).isTrue();
    assertThat(notes.create("pins/a.json", bytes(200))).isTrue();
    assertThat(notes.create("prune.json", bytes(10))).isTrue();
    assertThat(notes.create("pins/a.json", bytes(300))).isFalse();
    assertThat(notes.names("pins/")).containsExactly("a.json", "b-2.json");
    assertThat(notes.read("pins/a.json")).isEqualTo(bytes(200));
    for (int level : LtxFileInfo.levels()) {
      assertThat(client.list(level, Txid.FIRST, false)).isEmpty();
    }
    assertThat(client.owner().isThere()).isFalse();

    notes.delete("pins/a.json");
    assertThat(notes.names("pins/")).containsExactly("b-2.json");
    assertThat(notes.create("pins/a.json", bytes(300))).isTrue();
    assertThat(notes.read("pins/a.json")).isEqualTo(bytes(300));
  }

  @Test
  void theDatabasesChecksumAndTheEpochAreRecordedBesideAFileOfAnySize() throws IOException {
    for (int size : new int[] {100, 3 * 1024 * 1024}) {
      byte[] content = bytes(size);
      LtxFileInfo file = info(0, size, size, size);
      BytesSource source =
          new BytesSource(content) {
            @Override
            public long databaseChecksum() {
              return 0x8000_0000_0000_0abcL + size;
            }

            @Override
            public long epoch() {
              return 7;
            }
          };
      client.write(file, source, Sha256.hexOf(content));
      assertThat(client.recordedDatabaseChecksum(file))
          .as("or 0 where a file system records nothing")
          .isIn(0x8000_0000_0000_0abcL + size, 0L);
      assertThat(client.recordedEpoch(file)).isIn(7L, 0L);
    }
    LtxFileInfo plain = write(0, 7, 7, bytes(10));
    assertThat(client.recordedDatabaseChecksum(plain)).isZero();
    assertThat(client.recordedEpoch(plain)).isZero();
    LtxFileInfo missing = info(0, 8, 8, 1);
    assertThatThrownBy(() -> client.recordedDatabaseChecksum(missing))
        .isInstanceOf(LtxFileMissingException.class);
  }

  @Test
  void aListingWithExactTimesSaysByWhenTheStoreHadAFileWhateverTimeItCarries() throws IOException {
    long before = System.currentTimeMillis();
    LtxFileInfo file = write(0, 1, 1, bytes(10));
    long unit = 2_000;

    LtxFileInfo listed = client.list(0, Txid.FIRST, true).get(0);

    assertThat(listed).isEqualTo(file);
    assertThat(listed.storedMillis()).isBetween(before - unit, System.currentTimeMillis() + unit);
  }

  @Test
  void aListingIsInOrderOfTxidsAndStartsAtTheSeek() throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    for (long txid : new long[] {1, 2, 9, 10, 16, 255, 256, 4096, Long.MAX_VALUE}) {
      files.add(info(0, txid, txid, 10));
    }
    List<LtxFileInfo> shuffled = new ArrayList<>(files);
    Collections.shuffle(shuffled, new Random(1));
    for (LtxFileInfo file : shuffled) {
      write(0, file.minTxid().value(), file.maxTxid().value(), bytes(10));
    }

    assertThat(client.list(0, Txid.FIRST, true)).containsExactlyElementsOf(files);
    assertThat(client.list(0, Txid.of(16), true)).containsExactlyElementsOf(files.subList(4, 9));
    assertThat(client.list(0, Txid.of(17), true)).containsExactlyElementsOf(files.subList(5, 9));
  }

  @Test
  void filesOfOneMinTxidAreOrderedByMaxTxid() throws IOException {
    LtxFileInfo longer = write(9, 1, 20, bytes(10));
    LtxFileInfo shorter = write(9, 1, 3, bytes(10));

    assertThat(client.list(9, Txid.FIRST, true)).containsExactly(shorter, longer);
  }

  @Test
  void levelsAreSeparate() throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    for (int level = 0; level <= 9; level++) {
      files.add(write(level, 1, 1, bytes(10 + level)));
    }
    for (int level = 0; level <= 9; level++) {
      assertThat(client.list(level, Txid.FIRST, true)).containsExactly(files.get(level));
    }
  }

  @Test
  void anyRangeReadsExactlyThoseBytes() throws IOException {
    byte[] content = bytes(1_000);
    LtxFileInfo file = write(0, 1, 1, content);

    assertThat(read(file, 0, 1)).isEqualTo(slice(content, 0, 1));
    assertThat(read(file, 0, 1_000)).isEqualTo(content);
    assertThat(read(file, 1, 998)).isEqualTo(slice(content, 1, 999));
    assertThat(read(file, 999, 1)).isEqualTo(slice(content, 999, 1_000));
    assertThat(read(file, 400, Long.MAX_VALUE)).isEqualTo(slice(content, 400, 1_000));
    assertThat(read(file, 400, 10_000)).isEqualTo(slice(content, 400, 1_000));
    assertThat(read(file, 10, 0)).isEmpty();
    assertThat(read(file, 1_000, 5)).isEmpty();
    assertThat(read(file, 2_000, 5)).isEmpty();
  }

  @Test
  void aMissingFileIsReportedAsMissing() throws IOException {
    write(0, 1, 1, bytes(10));
    LtxFileInfo missing = info(0, 2, 2, 10);

    assertThatThrownBy(() -> client.open(missing, 0, Long.MAX_VALUE))
        .isInstanceOf(LtxFileMissingException.class)
        .hasMessageContaining(missing.fileName());
    assertThatThrownBy(() -> client.open(missing, 3, 4))
        .isInstanceOf(LtxFileMissingException.class);
    assertThatThrownBy(() -> client.recordedSha256(missing))
        .isInstanceOf(LtxFileMissingException.class);
  }

  @Test
  void writingTheSameFileAgainSucceedsAndChangesNothing() throws IOException {
    byte[] content = bytes(300);
    LtxFileInfo file = write(0, 1, 1, content);

    write(0, 1, 1, content);

    assertThat(client.list(0, Txid.FIRST, true)).containsExactly(file);
    assertThat(read(file, 0, Long.MAX_VALUE)).isEqualTo(content);
  }

  @Test
  void aDifferentFileUnderTheNameIsNeverOverwritten() throws IOException {
    byte[] content = bytes(300);
    byte[] sameSize = content.clone();
    sameSize[150] ^= 1;
    LtxFileInfo file = write(0, 1, 1, content);

    assertThatThrownBy(() -> write(0, 1, 1, sameSize))
        .isInstanceOfSatisfying(
            LtxFileConflictException.class, e -> assertThat(e.isPermanent()).isTrue())
        .hasMessageContaining(file.fileName());
    assertThatThrownBy(() -> write(0, 1, 1, bytes(301)))
        .isInstanceOf(LtxFileConflictException.class);

    assertThat(read(file, 0, Long.MAX_VALUE)).isEqualTo(content);
  }

  @Test
  void ofManyWritersOfOneNameExactlyOneWins() throws Exception {
    byte[] common = bytes(2_000);
    for (int round = 1; round <= 5; round++) {
      long txid = round;
      List<Callable<byte[]>> writers = new ArrayList<>();
      CyclicBarrier start = new CyclicBarrier(RACING_WRITERS);
      for (int i = 0; i < RACING_WRITERS; i++) {
        byte[] content = common.clone();
        content[0] = (byte) (i / 2); // pairs of identical writers
        writers.add(
            () -> {
              start.await(30, TimeUnit.SECONDS);
              try {
                write(0, txid, txid, content);
                return content;
              } catch (LtxFileConflictException e) {
                return null;
              }
            });
      }
      byte[] stored = null;
      List<byte[]> succeeded = runAll(writers);
      stored = read(info(0, txid, txid, common.length), 0, Long.MAX_VALUE);

      byte[] expected = stored;
      assertThat(succeeded).isNotEmpty().allSatisfy(c -> assertThat(c).isEqualTo(expected));
      assertThat(succeeded).hasSizeBetween(1, 2);
    }
  }

  @Test
  void contentThatDoesNotMatchItsSha256IsRefusedAndLeavesNoFile() {
    LtxFileInfo file = info(0, 1, 1, 100);
    String otherSha256 = Sha256.hexOf(bytes(99));

    assertThatThrownBy(() -> client.write(file, new BytesSource(bytes(100)), otherSha256))
        .isInstanceOf(ReplicaException.class)
        .isNotInstanceOf(LtxFileConflictException.class);
    assertThatThrownBy(() -> client.open(file, 0, 1)).isInstanceOf(LtxFileMissingException.class);
  }

  @Test
  void deletedFilesAreGoneAndMissingOnesAreNoError() throws IOException {
    LtxFileInfo first = write(0, 1, 1, bytes(10));
    LtxFileInfo second = write(0, 2, 2, bytes(10));
    LtxFileInfo snapshot = write(9, 1, 2, bytes(10));

    client.delete(List.of());
    client.delete(List.of(first, snapshot, info(3, 5, 6, 1)));
    client.delete(List.of(first));

    assertThat(client.list(0, Txid.FIRST, true)).containsExactly(second);
    assertThat(client.list(9, Txid.FIRST, true)).isEmpty();
  }

  @Test
  void aSecondClientSeesWhatTheFirstWroteAndInitRemovesNothing() throws Exception {
    byte[] content = bytes(64);
    LtxFileInfo file = write(0, 1, 1, content);

    try (ReplicaClient second = newClient()) {
      second.init();
      second.init();
      assertThat(second.list(0, Txid.FIRST, true)).containsExactly(file);
    }
  }

  @Test
  void largeContentSurvives() throws IOException {
    byte[] content = bytes(3 * 1024 * 1024 + 17);
    LtxFileInfo file = write(9, 1, 5, content);

    assertThat(read(file, 0, Long.MAX_VALUE)).isEqualTo(content);
    assertThat(client.recordedSha256(file)).isIn(Sha256.hexOf(content), null);
  }

  @Test
  void nobodyOwnsAReplicaOfWhichNobodyHasSaidSo() throws IOException {
    assertThat(client.owner().isThere()).isFalse();
    assertThat(client.owner().owner()).isEqualTo(Owner.NOBODY);
  }

  @Test
  void anOwnerIsReplacedOnlyByWhoHasReadIt() throws Exception {
    assertThat(client.replaceOwner(OwnerObject.NONE, owner(1, "a"))).isTrue();
    OwnerObject first = client.owner();
    assertThat(first.owner()).isEqualTo(owner(1, "a"));

    try (ReplicaClient second = newClient()) {
      assertThat(second.replaceOwner(OwnerObject.NONE, owner(1, "b"))).isFalse();
      assertThat(second.replaceOwner(second.owner(), owner(2, "b"))).isTrue();
    }

    assertThat(client.replaceOwner(first, owner(2, "a"))).isFalse();
    assertThat(client.owner().owner()).isEqualTo(owner(2, "b"));
    assertThat(client.list(0, Txid.FIRST, false)).as("it is no file of the replica").isEmpty();
  }

  @Test
  void ofManyWhoClaimAReplicaExactlyOneGetsIt() throws Exception {
    for (int round = 0; round < 5; round++) {
      OwnerObject before = client.owner();
      CyclicBarrier start = new CyclicBarrier(RACING_WRITERS);
      List<Callable<byte[]>> claims = new ArrayList<>();
      for (int i = 0; i < RACING_WRITERS; i++) {
        Owner claimant = owner(before.owner().epoch() + 1, "racer-" + i);
        claims.add(
            () -> {
              start.await(30, TimeUnit.SECONDS);
              return client.replaceOwner(before, claimant) ? claimant.toBytes() : null;
            });
      }

      List<byte[]> won = runAll(claims);

      assertThat(won).hasSize(1);
      assertThat(client.owner().owner().toBytes()).isEqualTo(won.get(0));
    }
  }

  private static Owner owner(long epoch, String id) {
    return new Owner(epoch, id, "a host", "4711", CREATED);
  }

  @Test
  void theUrlNamesTheReplica() {
    assertThat(client.url()).matches("(s3|file)://.+");
  }

  protected static byte[] bytes(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  protected static LtxFileInfo info(int level, long min, long max, int size) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), size, CREATED);
  }

  protected final LtxFileInfo write(int level, long min, long max, byte[] content)
      throws IOException {
    LtxFileInfo file = info(level, min, max, content.length);
    client.write(file, new BytesSource(content), Sha256.hexOf(content));
    return file;
  }

  protected final byte[] read(LtxFileInfo file, long offset, long length) throws IOException {
    try (InputStream in = client.open(file, offset, length)) {
      return in.readAllBytes();
    }
  }

  private static byte[] slice(byte[] content, int from, int to) {
    return java.util.Arrays.copyOfRange(content, from, to);
  }

  private static List<byte[]> runAll(List<Callable<byte[]>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<byte[]> results = new ArrayList<>();
      for (Future<byte[]> result : threads.invokeAll(calls, 60, TimeUnit.SECONDS)) {
        if (result.get() != null) {
          results.add(result.get());
        }
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  protected static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
