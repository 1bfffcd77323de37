package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxStream;
import io.walsync.replica.Sha256;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamedWriteTest extends OnEmbeddedS3 {

  private static final int PART = 5 << 20;
  private static final byte[] CONTENT = new byte[2 * PART + 12_345];
  private static final LtxFileInfo NAME =
      new LtxFileInfo(9, Txid.FIRST, Txid.of(7), 0, 1_790_000_000_000L);

  private S3Settings settings;
  private S3ReplicaClient client;

  @BeforeAll
  static void makeContent() {
    new Random(1).nextBytes(CONTENT);
  }

  @BeforeEach
  void open() {
    settings = S3Bucket.embedded(s3).build();
    client = new S3ReplicaClient(settings);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static class Content implements LtxStream {
    final byte[] bytes;
    int failureCount;

    Content(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long mostBytes() {
      return bytes.length + 100;
    }

    @Override
    public long databaseChecksum() {
      return 0x8000_0000_0000_1234L;
    }

    @Override
    public long epoch() {
      return 3;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      for (int at = 0; at < bytes.length; at += 70_000) {
        out.write(bytes, at, Math.min(70_000, bytes.length - at));
      }
      end();
    }

    void end() throws IOException {}

    @Override
    public void awaitNextTry(IOException failure, int count) throws IOException {
      failureCount++;
      if (count == 3) {
        throw failure;
      }
    }
  }

  private String key() {
    return settings.path() + "/0009/" + NAME.fileName();
  }

  private byte[] stored() {
    return s3.read(S3Bucket.EMBEDDED_BUCKET, key());
  }

  private void assertNothingIsLeft(int aborts) throws IOException {
    assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).isEmpty();
    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isEqualTo(aborts);
    assertThat(client.dropUnfinishedUploads()).isEmpty();
  }

  @Test
  void itGoesInPartsOfEqualSizeAndAppearsAtTheEnd() throws IOException {
    LtxFileInfo file =
        client.writeStream(
            NAME,
            new Content(CONTENT) {
              @Override
              void end() {
                assertThat(s3.requests().count(S3Operation.UPLOAD_PART)).isEqualTo(2);
                assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).isEmpty();
              }
            });

    assertThat(file).isEqualTo(NAME.withSizeBytes(CONTENT.length));
    assertThat(stored()).isEqualTo(CONTENT);
    assertThat(s3.head(S3Bucket.EMBEDDED_BUCKET, key()).metadata())
        .containsEntry("litestream-timestamp", "2026-09-21T14:13:20Z")
        .containsEntry("walsync-database-checksum", "8000000000001234")
        .containsEntry("walsync-epoch", "3");
    assertThat(s3.requests().all(S3Operation.UPLOAD_PART))
        .extracting(r -> r.header("content-length"))
        .containsExactly("" + PART, "" + PART, "12345");
    assertThat(s3.requests().last(S3Operation.COMPLETE_MULTIPART_UPLOAD).header("if-none-match"))
        .isEqualTo("*");
  }

  @Test
  void aPartThatIsExactlyFullIsNotFollowedByAnEmptyOne() throws IOException {
    byte[] two = Arrays.copyOf(CONTENT, 2 * PART);
    assertThat(client.writeStream(NAME, new Content(two)).sizeBytes()).isEqualTo(2 * PART);
    assertThat(s3.requests().count(S3Operation.UPLOAD_PART)).isEqualTo(2);
    assertThat(stored()).isEqualTo(two);
  }

  @Test
  void whatFitsIntoOnePartIsAnObjectAsAllOthers() throws IOException {
    byte[] small = Arrays.copyOf(CONTENT, 1_000);
    assertThat(client.writeStream(NAME, new Content(small)).sizeBytes()).isEqualTo(1_000);
    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isZero();
    assertThat(client.recordedSha256(NAME)).isEqualTo(Sha256.hexOf(small));
    assertThat(client.recordedDatabaseChecksum(NAME)).isEqualTo(0x8000_0000_0000_1234L);
  }

  @Test
  void contentThatDoesNotProveItselfLeavesNothing() throws IOException {
    Content unproved =
        new Content(CONTENT) {
          @Override
          void end() throws IOException {
            throw new IOException("another checksum");
          }
        };
    assertThatThrownBy(() -> client.writeStream(NAME, unproved)).hasMessage("another checksum");
    assertNothingIsLeft(1);
    Content dying =
        new Content(CONTENT) {
          @Override
          void end() {
            throw new OutOfMemoryError("as it may happen");
          }
        };
    assertThatThrownBy(() -> client.writeStream(NAME, dying)).isInstanceOf(OutOfMemoryError.class);
    assertNothingIsLeft(2);
  }

  @Test
  void aPartThatFailsIsSentAgain() throws IOException {
    s3.faults().next(S3Operation.UPLOAD_PART, Fault.error(503, "SlowDown"));
    s3.faults().next(S3Operation.UPLOAD_PART, Fault.loseAnswer());
    Content content = new Content(CONTENT);
    client.writeStream(NAME, content);
    assertThat(content.failureCount).isEqualTo(2);
    assertThat(stored()).isEqualTo(CONTENT);
  }

  @Test
  void partsThatKeepFailingEndItAndAreDropped() throws IOException {
    s3.faults().always(S3Operation.UPLOAD_PART, Fault.error(503, "SlowDown"));
    assertThatThrownBy(() -> client.writeStream(NAME, new Content(CONTENT)))
        .hasMessageContaining("SlowDown");
    assertNothingIsLeft(1);
  }

  @Test
  void aLostAnswerToTheLastRequestIsSuccess() throws IOException {
    s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.loseAnswer());
    assertThat(client.writeStream(NAME, new Content(CONTENT)).sizeBytes())
        .isEqualTo(CONTENT.length);
    assertThat(stored()).isEqualTo(CONTENT);
  }

  @Test
  void aRefusedEndLeavesNothing() throws IOException {
    s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.error(500, "InternalError"));
    assertThatThrownBy(() -> client.writeStream(NAME, new Content(CONTENT)))
        .hasMessageContaining("InternalError");
    assertNothingIsLeft(1);
  }

  @Test
  void anotherObjectThatAppearsMeanwhileIsNotOverwritten() throws IOException {
    Content late =
        new Content(CONTENT) {
          @Override
          void end() {
            s3.put(S3Bucket.EMBEDDED_BUCKET, key(), new byte[3]);
          }
        };
    assertThatThrownBy(() -> client.writeStream(NAME, late))
        .isInstanceOf(LtxFileConflictException.class);
    assertThat(stored()).hasSize(3);
    assertThat(s3.requests().count(S3Operation.ABORT_MULTIPART_UPLOAD)).isEqualTo(1);
    assertThatThrownBy(() -> client.writeStream(NAME, new Content(CONTENT)))
        .as("found before anything is sent")
        .isInstanceOf(LtxFileConflictException.class);
    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isEqualTo(1);
  }

  @Test
  void anObjectOfTheSameStateStaysAndCounts() throws IOException {
    client.writeStream(NAME, new Content(CONTENT));
    s3.requests().reset();
    byte[] other = Arrays.copyOf(CONTENT, 1_000);
    assertThat(client.writeStream(NAME, new Content(other)).sizeBytes()).isEqualTo(CONTENT.length);
    assertThat(s3.requests().count(S3Operation.CREATE_MULTIPART_UPLOAD)).isZero();
    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isZero();
  }

  @Test
  void aLeftOverUploadOfAKilledProcessIsDropped() throws IOException {
    s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.error(500, "InternalError"));
    s3.faults().next(S3Operation.ABORT_MULTIPART_UPLOAD, Fault.error(500, "InternalError"));
    assertThatThrownBy(() -> client.writeStream(NAME, new Content(CONTENT)))
        .isInstanceOf(IOException.class);
    assertThat(client.dropUnfinishedUploads()).hasSize(1);
  }
}
