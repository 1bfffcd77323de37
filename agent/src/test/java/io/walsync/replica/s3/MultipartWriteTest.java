package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.S3Request;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MultipartWriteTest extends OnEmbeddedS3 {

  private static final int PART = (int) S3Settings.MIN_PART_SIZE_BYTES;
  private static final byte[] CONTENT = new byte[2 * PART + 12_345];
  private static final LtxFileInfo FILE =
      new LtxFileInfo(9, Txid.FIRST, Txid.of(7), CONTENT.length, 1_790_000_000_000L);

  private static String sha256;

  private S3Settings settings;
  private S3ReplicaClient client;

  @BeforeAll
  static void makeContent() {
    new Random(1).nextBytes(CONTENT);
    sha256 = Sha256.hexOf(CONTENT);
  }

  @BeforeEach
  void open() {
    settings = S3Bucket.embedded(s3).partSizeBytes(PART).build();
    client = new S3ReplicaClient(settings);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void partsOfEqualSizeMakeTheObjectWithItsMetadata() throws IOException {
    write(CONTENT);

    assertThat(s3.read(S3Bucket.EMBEDDED_BUCKET, key())).isEqualTo(CONTENT);
    assertThat(s3.head(S3Bucket.EMBEDDED_BUCKET, key()).metadata())
        .containsEntry("litestream-timestamp", "2026-09-21T14:13:20Z")
        .containsEntry("walsync-sha256", sha256);
    assertThat(s3.requests().all(S3Operation.UPLOAD_PART))
        .extracting(r -> r.header("content-length"))
        .containsExactlyInAnyOrder("" + PART, "" + PART, "12345");
    S3Request complete = s3.requests().last(S3Operation.COMPLETE_MULTIPART_UPLOAD);
    assertThat(complete.header("if-none-match")).isEqualTo("*");
  }

  @Test
  void contentOfOnePartIsWrittenInOnePiece() throws IOException {
    byte[] onePart = new byte[PART];
    client.write(FILE, new BytesSource(onePart), Sha256.hexOf(onePart));

    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(1);
    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isZero();
  }

  @Test
  void partsGrowSoThatTheirNumberFits() {
    long gib = 1024L * 1024 * 1024;
    assertThat(MultipartWrite.partBytes(gib, PART)).isEqualTo(PART);
    for (long sizeBytes : new long[] {100 * gib, 1024 * gib, 5 * 1024 * gib}) {
      long partBytes = MultipartWrite.partBytes(sizeBytes, PART);
      assertThat((sizeBytes + partBytes - 1) / partBytes).isLessThanOrEqualTo(10_000);
      assertThat(partBytes % (1024 * 1024)).isZero();
      assertThat(partBytes).isLessThanOrEqualTo(S3Settings.MAX_PART_SIZE_BYTES);
    }
  }

  @Test
  void theSameContentAgainIsSuccessWithoutAnUpload() throws IOException {
    write(CONTENT);
    write(CONTENT);

    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isEqualTo(1);
  }

  @Test
  void aDifferentObjectIsFoundBeforeAnythingIsSent() throws IOException {
    s3.put(S3Bucket.EMBEDDED_BUCKET, key(), new byte[3]);

    assertThatThrownBy(() -> write(CONTENT)).isInstanceOf(LtxFileConflictException.class);

    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isZero();
    assertThat(s3.read(S3Bucket.EMBEDDED_BUCKET, key())).hasSize(3);
  }

  @Test
  void anObjectThatAppearsMeanwhileIsNotOverwrittenAndThePartsAreDropped() {
    LtxSource slow =
        new LtxSource() {
          private final BytesSource source = new BytesSource(CONTENT);

          @Override
          public long sizeBytes() {
            return CONTENT.length;
          }

          @Override
          public InputStream open(long offset) {
            s3.put(S3Bucket.EMBEDDED_BUCKET, key(), new byte[3]);
            return source.open(offset);
          }
        };

    assertThatThrownBy(() -> client.write(FILE, slow, sha256))
        .isInstanceOf(LtxFileConflictException.class);

    assertThat(s3.read(S3Bucket.EMBEDDED_BUCKET, key())).hasSize(3);
    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isEqualTo(1);
  }

  @Test
  void everyRequestMayFailAndTheNextTrySucceeds() throws IOException {
    List<S3Operation> steps =
        List.of(
            S3Operation.HEAD_OBJECT,
            S3Operation.CREATE_MULTIPART_UPLOAD,
            S3Operation.UPLOAD_PART,
            S3Operation.COMPLETE_MULTIPART_UPLOAD);
    for (S3Operation step : steps) {
      s3.faults().clear();
      s3.requests().reset();
      s3.faults().next(step, Fault.error(500, "InternalError"));

      assertThatThrownBy(() -> write(CONTENT))
          .as("%s", step)
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse());

      assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).as("%s", step).isEmpty();
      boolean wasCreated = steps.indexOf(step) > 1;
      assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD))
          .as("%s", step)
          .isEqualTo(wasCreated ? 1 : 0);
    }
    write(CONTENT);
    assertThat(s3.read(S3Bucket.EMBEDDED_BUCKET, key())).isEqualTo(CONTENT);
  }

  @Test
  void aLostAnswerToTheLastRequestIsSuccessOnTheNextTry() throws IOException {
    s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.loseAnswer());

    assertThatThrownBy(() -> write(CONTENT)).isInstanceOf(ReplicaException.class);
    write(CONTENT);

    assertThat(s3.read(S3Bucket.EMBEDDED_BUCKET, key())).isEqualTo(CONTENT);
    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isEqualTo(1);
  }

  @Test
  void anUploadTheStoreHasForgottenIsSuccessIfTheObjectIsThere() throws IOException {
    s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.error(404, "NoSuchUpload"));
    assertThatThrownBy(() -> write(CONTENT)).hasMessageContaining("NoSuchUpload");
  }

  @Test
  void whatAKilledProcessLeftOfAnUploadIsDroppedByTheNextOne() throws IOException {
    begin(key());
    begin(settings.path() + "/0000/0000000000000002-0000000000000002.ltx");

    List<String> dropped = client.dropUnfinishedUploads();

    assertThat(dropped).hasSize(2).allSatisfy(line -> assertThat(line).contains(".ltx of 20"));
    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isEqualTo(2);
    assertThat(client.dropUnfinishedUploads()).isEmpty();
  }

  @Test
  void uploadsOfOthersAreLeftAlone() throws IOException {
    for (String key :
        List.of(
            settings.path() + "/0009/backup.tar",
            settings.path() + "/sub/0009/" + FILE.fileName(),
            settings.path() + "/000a/" + FILE.fileName(),
            settings.path() + "-2/0009/" + FILE.fileName(),
            settings.path() + "/" + FILE.fileName())) {
      begin(key);
    }

    assertThat(client.dropUnfinishedUploads()).isEmpty();
    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isZero();
  }

  @Test
  void anUploadUnderWayIsNotDropped() throws IOException {
    CompletableFuture<List<String>> dropped = new CompletableFuture<>();
    LtxSource looking =
        new LtxSource() {
          private final BytesSource source = new BytesSource(CONTENT);

          @Override
          public long sizeBytes() {
            return CONTENT.length;
          }

          @Override
          public InputStream open(long offset) throws IOException {
            if (s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD) > 0) {
              dropped.complete(client.dropUnfinishedUploads());
            }
            return source.open(offset);
          }
        };
    client.write(FILE, looking, sha256);

    assertThat(dropped.join()).isEmpty();
    assertThat(s3.read(S3Bucket.EMBEDDED_BUCKET, key())).isEqualTo(CONTENT);
  }

  @Test
  void partsThatCouldNotBeDroppedAreDroppedBeforeTheNextTry() throws IOException {
    s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.error(500, "InternalError"));
    s3.faults().next(S3Operation.ABORT_MULTIPART_UPLOAD, Fault.error(500, "InternalError"));
    assertThatThrownBy(() -> write(CONTENT)).isInstanceOf(ReplicaException.class);
    s3.requests().reset();

    write(CONTENT);

    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isEqualTo(1);
    assertThat(client.dropUnfinishedUploads()).isEmpty();
  }

  @Test
  void anUploadWorksWhereUnfinishedOnesCannotBeListed() throws IOException {
    s3.faults().always(S3Operation.LIST_UPLOADS, Fault.error(403, "AccessDenied"));

    write(CONTENT);

    assertThatThrownBy(client::dropUnfinishedUploads)
        .hasMessageContaining("the keys need s3:ListBucketMultipartUploads");
  }

  /** As a process that is killed leaves it. */
  private void begin(String key) throws IOException {
    S3Connection connection = new S3Connection(settings, Map.of(), Clock.systemUTC());
    S3Call call = new S3Call("write", "POST", key).query("uploads", "");
    connection.document(call, "InitiateMultipartUploadResult");
    connection.close();
  }

  @Test
  void contentThatIsNotWhatItsSha256SaysNeverAppears() {
    byte[] changed = CONTENT.clone();
    changed[PART + 1] ^= 1;

    assertThatThrownBy(() -> client.write(FILE, new BytesSource(changed), sha256))
        .hasMessageContaining("not the one its SHA-256 was taken of");

    assertThatThrownBy(() -> client.open(FILE, 0, 1)).isInstanceOf(LtxFileMissingException.class);
    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isEqualTo(1);
  }

  @Test
  void closingTheClientEndsAnUploadThatHangs() {
    s3.faults().always(S3Operation.UPLOAD_PART, Fault.blackHole());
    CompletableFuture<Void> hanging =
        CompletableFuture.runAsync(
            () -> {
              try {
                write(CONTENT);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    Awaitility.await().until(() -> s3.requests().count(S3Operation.UPLOAD_PART) > 0);

    client.close();

    assertThatThrownBy(() -> hanging.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  private void write(byte[] content) throws IOException {
    client.write(FILE, new BytesSource(content), sha256);
  }

  private String key() {
    return settings.path() + "/0009/" + FILE.fileName();
  }
}
