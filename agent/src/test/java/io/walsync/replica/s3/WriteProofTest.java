package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.S3Request;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers with success and has not stored anything, and what has and does not say so. */
class WriteProofTest extends OnEmbeddedS3 {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);
  private static final String SHA256 = Sha256.hexOf(CONTENT);
  private static final LtxFileInfo FILE =
      new LtxFileInfo(0, Txid.FIRST, Txid.FIRST, CONTENT.length, 1_790_000_000_000L);

  private static final int PART = (int) S3Settings.MIN_PART_SIZE_BYTES;
  private static final byte[] LARGE = new byte[PART + 1];
  private static final LtxFileInfo SNAPSHOT =
      new LtxFileInfo(9, Txid.FIRST, Txid.of(7), LARGE.length, 1_790_000_000_000L);

  private static final String PAGE = "<html><title>Sign in</title></html>";

  @Test
  void aPutAnsweredWithoutAnEtagIsNotStored() throws IOException {
    S3Settings settings = S3Bucket.embedded(s3).build();
    try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.answer(200, "text/plain", ""));

      assertThatThrownBy(() -> write(client))
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
          .hasMessageContaining("not that the object was stored, and it is not there");

      assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).isEmpty();
      write(client);
      assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"200, ''", "201, ''", "204, ''", "200, page", "200, etag", "200, gzip"})
  void whatAnswersEverythingWithSuccessHasNothingAndOwnsNothing(int status, String kind) {
    try (StubServer stub = new StubServer((request, body) -> anything(request, status, kind));
        S3ReplicaClient client = client(stub)) {
      ReplicaException e = catchThrowableOfType(ReplicaException.class, () -> write(client));

      assertThat(e)
          .isNotInstanceOf(LtxFileConflictException.class)
          .hasMessageContaining("proxy or a captive portal in between?");
      assertThat(e.isPermanent()).isFalse();
      assertThatThrownBy(client::probeConditions)
          .hasMessageContaining("proxy or a captive portal in between?");
      assertThatThrownBy(() -> client.list(0, Txid.FIRST, false))
          .isInstanceOf(ReplicaException.class);
    }
  }

  private static String anything(S3Request request, int status, String kind) {
    String body = kind.isEmpty() ? "" : PAGE;
    String[] headers =
        switch (kind) {
          case "etag" -> new String[] {"Content-Type: text/html; charset=utf-8", "ETag: \"5f\""};
          case "gzip" -> new String[] {"Content-Encoding: gzip", "Content-Type: text/html"};
          case "page" -> new String[] {"Content-Type: text/html"};
          default -> new String[0];
        };
    String whole = answer(status, body, headers);
    return request.method().equals("HEAD") ? headOf(whole) : whole;
  }

  @Test
  void aStoreThatGivesNoEtagIsAskedForEachObject() throws IOException {
    try (StubServer stub = new StubServer(new TerseStore());
        S3ReplicaClient client = client(stub)) {
      assertThat(client.probeConditions()).isEqualTo(S3Fencing.SEQUENTIAL);
      stub.requests().clear();

      write(client);

      assertThat(stub.requests()).extracting(S3Request::method).containsExactly("PUT", "HEAD");
    }
  }

  @Test
  void aHeadWithoutASizeProvesNothingAndTheObjectIsRead() throws IOException {
    TerseStore store = new TerseStore();
    store.hasSizes = false;
    try (StubServer stub = new StubServer(store);
        S3ReplicaClient client = client(stub)) {
      write(client);

      assertThat(stub.requests())
          .extracting(S3Request::method)
          .containsExactly("PUT", "HEAD", "GET");
    }
  }

  @Test
  void anAnswerThatBreaksOffIsNoneAndTheNextTryFindsTheObject() throws IOException {
    TerseStore store = new TerseStore();
    store.putAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nhalf";
    try (StubServer stub = new StubServer(store);
        S3ReplicaClient client = client(stub)) {
      assertThatThrownBy(() -> write(client))
          .isInstanceOf(ReplicaException.class)
          .hasMessageContaining(FILE.fileName())
          .hasMessageContaining("after 4 of 99 bytes");

      write(client);

      assertThat(stub.requests())
          .extracting(S3Request::method)
          .containsExactly("PUT", "PUT", "HEAD");
    }
  }

  @Test
  void aNameThatIsTakenByNobodyIsNotStored() throws IOException {
    try (S3ReplicaClient client = new S3ReplicaClient(S3Bucket.embedded(s3).build())) {
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.answer(412, "text/html", PAGE));

      assertThatThrownBy(() -> write(client))
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
          .isNotInstanceOf(LtxFileConflictException.class);
      write(client);
    }
  }

  @Test
  void aPageForAnObjectThatIsTakenIsNoOtherWriter() {
    try (S3ReplicaClient client = new S3ReplicaClient(S3Bucket.embedded(s3).build())) {
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.error(412, "PreconditionFailed"));
      s3.faults()
          .next(
              S3Operation.HEAD_OBJECT,
              Fault.raw(
                  "HTTP/1.1 200 OK\r\nContent-Length: 31\r\nContent-Type: text/html\r\n\r\n"));

      assertThatThrownBy(() -> write(client))
          .isNotInstanceOf(LtxFileConflictException.class)
          .hasMessageContaining("what answers for the object is not an S3 store");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNamedAndNotFollowed(int status) {
    try (StubServer stub =
            new StubServer(
                (request, body) ->
                    answer(status, "", "Location: https://portal.example/login?secret=1"));
        S3ReplicaClient client = client(stub)) {
      assertThatThrownBy(() -> write(client))
          .hasMessageContaining("it sends us to https://portal.example; is the endpoint right")
          .hasMessageNotContaining("secret")
          .isNotInstanceOf(LtxFileConflictException.class);
      assertThat(stub.requests()).hasSize(1);
    }
  }

  @Test
  void aPageIsNotTheContentOfAnObjectNorTheWordThatThereIsNone() {
    for (int status : new int[] {200, 404}) {
      try (StubServer stub =
              new StubServer(
                  (request, body) ->
                      answer(status, PAGE, "Content-Type: text/html", "ETag: \"5f\""));
          S3ReplicaClient client = client(stub)) {
        assertThatThrownBy(() -> client.open(FILE, 0, Long.MAX_VALUE))
            .as("status %d", status)
            .isNotInstanceOf(LtxFileMissingException.class)
            .hasMessageContaining("not from an S3 store");
      }
    }
  }

  @Test
  void anErrorInTheAnswerThatCompletesAnUploadIsAnError() throws IOException {
    S3Settings settings = large();
    try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
      for (Fault fault :
          List.of(
              Fault.error(200, "InternalError"),
              Fault.answer(200, "text/html", PAGE),
              Fault.answer(200, "application/xml", ""),
              Fault.answer(200, "application/xml", "<CompleteMultipartUploadResult><Loc"))) {
        s3.faults().next(S3Operation.COMPLETE_MULTIPART_UPLOAD, fault);
        assertThatThrownBy(() -> writeLarge(client))
            .isInstanceOfSatisfying(
                ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse());
        assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).isEmpty();
      }
      writeLarge(client);
      assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).hasSize(1);
    }
  }

  @Test
  void anUploadThatIsSaidToBeCompleteIsLookedAt() throws IOException {
    S3Settings settings = large();
    String result = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>";
    try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
      s3.faults()
          .next(
              S3Operation.COMPLETE_MULTIPART_UPLOAD, Fault.answer(200, "application/xml", result));

      assertThatThrownBy(() -> writeLarge(client)).hasMessageContaining("it is not there");

      writeLarge(client);
      assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).hasSize(1);
    }
  }

  @Test
  void anObjectOfOursThatTheStoreHasOnlyAPartOfIsNotAnotherWriters() {
    S3Settings settings = large();
    s3.put(
        S3Bucket.EMBEDDED_BUCKET,
        settings.path() + "/0009/" + SNAPSHOT.fileName(),
        new byte[PART],
        Map.of("walsync-sha256", Sha256.hexOf(LARGE)));
    try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
      assertThatThrownBy(() -> writeLarge(client))
          .isNotInstanceOf(LtxFileConflictException.class)
          .hasMessageContaining("the store has " + PART + " of " + LARGE.length + " bytes");
    }
  }

  @Test
  void aPartThatIsAnsweredByAPageIsNotStored() {
    try (S3ReplicaClient client = new S3ReplicaClient(large())) {
      for (Fault fault :
          List.of(
              Fault.answer(200, "text/html", PAGE, "ETag: \"5f\""),
              Fault.answer(200, "text/plain", ""))) {
        s3.faults().next(S3Operation.UPLOAD_PART, fault);
        assertThatThrownBy(() -> writeLarge(client))
            .hasMessageContaining("the answer is not from an S3 store (200 with");
      }
      assertThat(s3.requests().count(S3Operation.COMPLETE_MULTIPART_UPLOAD)).isZero();
    }
  }

  private static S3Settings large() {
    return S3Bucket.embedded(s3).partSizeBytes(PART).build();
  }

  private static void write(S3ReplicaClient client) throws IOException {
    client.write(FILE, new BytesSource(CONTENT), SHA256);
  }

  private static void writeLarge(S3ReplicaClient client) throws IOException {
    client.write(SNAPSHOT, new BytesSource(LARGE), Sha256.hexOf(LARGE));
  }

  private static S3ReplicaClient client(StubServer stub) {
    return new S3ReplicaClient(
        S3Settings.builder()
            .endpoint(stub.endpoint().toString())
            .forcePathStyle(true)
            .bucket("bucket")
            .path("path")
            .keys("id", "secret")
            .build());
  }

  private static String headOf(String answer) {
    return answer.substring(0, answer.indexOf("\r\n\r\n") + 4);
  }

  /** Stores, honours conditions, and says as little as it can. */
  private static final class TerseStore implements StubServer.Answers {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private boolean hasSizes = true;
    private String putAnswer = StubServer.answer(200, "");

    @Override
    public String answer(S3Request request, byte[] body) {
      byte[] object = objects.get(request.target());
      if (request.method().equals("PUT")) {
        objects.putIfAbsent(request.target(), body);
        return object == null ? putAnswer : StubServer.answer(412, "");
      }
      if (object == null) {
        return StubServer.answer(404, "");
      }
      String sha256 = "x-amz-meta-walsync-sha256: " + Sha256.hexOf(object);
      String whole =
          StubServer.answer(200, new String(object, StandardCharsets.ISO_8859_1), sha256);
      String head = headOf(whole);
      return request.method().equals("HEAD")
          ? hasSizes ? head : head.replaceFirst("Content-Length: [0-9]+\r\n", "")
          : whole;
    }
  }
}
