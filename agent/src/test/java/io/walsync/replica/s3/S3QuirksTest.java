package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.S3Request;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Stores that are S3, nearly. */
class S3QuirksTest {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

  @Test
  void aStoreThatIgnoresConditionsIsFoundOutAndLookedAtBeforeEveryWrite() throws IOException {
    try (StubServer stub = new StubServer(new ForgetfulStore(0, ""));
        S3ReplicaClient client = client(stub)) {
      assertThat(client.probeConditions()).isEqualTo(S3Fencing.NONE);

      write(client, 1, CONTENT);
      write(client, 1, CONTENT);
      assertThatThrownBy(() -> write(client, 1, "another".getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(LtxFileConflictException.class);
      S3Request lastPut =
          stub.requests().stream().filter(r -> r.method().equals("PUT")).reduce((a, b) -> b).get();
      assertThat(lastPut.headers()).doesNotContainKey("if-none-match");
    }
  }

  @Test
  void aStoreThatRefusesConditionsIsWrittenWithoutThem() throws IOException {
    try (StubServer stub = new StubServer(new ForgetfulStore(501, "if-none-match"));
        S3ReplicaClient client = client(stub)) {
      assertThat(client.probeConditions()).isEqualTo(S3Fencing.NONE);

      write(client, 1, CONTENT);
    }
  }

  @Test
  void aStoreThatLacksTheEncryptionIsNotOneThatLacksConditions() throws IOException {
    try (EmbeddedS3 s3 = EmbeddedS3.inMemory().createBucket(S3Bucket.EMBEDDED_BUCKET)) {
      S3Settings settings = S3Bucket.embedded(s3).encryption(S3Encryption.storeManaged()).build();
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.error(501, "NotImplemented"));
      try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
        assertThat(client.probeConditions()).isEqualTo(S3Fencing.ATOMIC);
      }
    }
  }

  @Test
  void aStoreThatRefusesChecksumsIsAskedOnce() throws IOException {
    try (StubServer stub = new StubServer(new ForgetfulStore(400, "x-amz-checksum-sha256"));
        S3ReplicaClient client = client(stub)) {
      write(client, 1, CONTENT);
      write(client, 2, CONTENT);

      assertThat(stub.requests())
          .filteredOn(r -> r.method().equals("PUT"))
          .extracting(r -> r.header("x-amz-checksum-sha256") != null)
          .containsExactly(true, false, false);
    }
  }

  @Test
  void aStoreWithoutMultipleDeletesIsAskedOnceAndThenOneByOne() throws IOException {
    try (StubServer stub =
            new StubServer(
                (request, body) ->
                    request.method().equals("POST")
                        ? answer(501, error("NotImplemented"))
                        : answer(request.target().contains("2.ltx") ? 404 : 204, ""));
        S3ReplicaClient client = client(stub)) {
      client.delete(List.of(file(1), file(2)));
      client.delete(List.of(file(3), file(4)));

      assertThat(stub.requests())
          .extracting(S3Request::method)
          .containsExactly("POST", "DELETE", "DELETE", "DELETE", "DELETE");
    }
  }

  @Test
  void aMultipleDeleteCarriesMd5AndChecksumAndItsErrorsAreRead() throws IOException {
    String result =
        "<DeleteResult><Error><Key>gone</Key><Code>NoSuchKey</Code></Error>"
            + "<Error><Key>kept</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
            + "</DeleteResult>";
    List<String> bodies = new ArrayList<>();
    try (StubServer stub =
            new StubServer(
                (request, body) -> {
                  bodies.add(new String(body, StandardCharsets.UTF_8));
                  return answer(200, result);
                });
        S3ReplicaClient client = client(stub).withPath("a&b<c>")) {
      assertThatThrownBy(() -> client.delete(List.of(file(1), file(2))))
          .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isPermanent()).isTrue())
          .hasMessageContaining("cannot delete 1 objects, the first being kept: AccessDenied");
      assertThat(stub.requests().get(0).headers())
          .containsKeys("content-md5", "x-amz-checksum-sha256");
      assertThat(bodies.get(0))
          .contains("<Key>a&amp;b&lt;c&gt;/0000/" + file(1).fileName() + "</Key>")
          .contains("<Quiet>true</Quiet>");
    }
  }

  @Test
  void aListingThatIsCutWithoutATokenGoesOnAfterTheLastKey() throws IOException {
    try (StubServer stub =
            new StubServer(
                (request, body) ->
                    answer(
                        200,
                        request.target().contains("start-after=")
                            ? page(false, 2, 3) // includes the key to start after, as some do
                            : page(true, 1, 2)));
        S3ReplicaClient client = client(stub)) {
      assertThat(client.list(0, Txid.FIRST, false))
          .extracting(f -> f.minTxid().value())
          .containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aListingThatMakesNoProgressEnds() {
    String stuck =
        page(true, 1, 1).replace("</L", "<NextContinuationToken>same</NextContinuationToken></L");
    for (String page : List.of(page(true, 1, 1), stuck)) {
      try (StubServer stub = new StubServer((request, body) -> answer(200, page));
          S3ReplicaClient client = client(stub)) {
        assertThatThrownBy(() -> client.list(0, Txid.FIRST, false))
            .hasMessageContaining("gives no way on");
      }
    }
  }

  @Test
  void aStoreThatIgnoresTheSeekDoesNoHarm() throws IOException {
    try (StubServer stub = new StubServer((request, body) -> answer(200, page(false, 1, 5)));
        S3ReplicaClient client = client(stub)) {
      assertThat(client.list(0, Txid.of(4), false))
          .extracting(f -> f.minTxid().value())
          .containsExactly(4L, 5L);
    }
  }

  @Test
  void aStoreOrProxyThatIgnoresTheRangeOrCompressesIsNotBelieved() {
    try (StubServer stub =
            new StubServer(
                (request, body) ->
                    request.headers().containsKey("range")
                        ? answer(200, "whole")
                        : answer(200, "whole", "Content-Encoding: gzip"));
        S3ReplicaClient client = client(stub)) {
      assertThatThrownBy(() -> client.open(file(1), 2, 2)).hasMessageContaining("range from 2");
      assertThatThrownBy(() -> client.open(file(1), 0, Long.MAX_VALUE))
          .hasMessageContaining("compressed");
    }
  }

  private static String page(boolean isTruncated, int from, int to) {
    StringBuilder page = new StringBuilder("<ListBucketResult>");
    page.append("<IsTruncated>").append(isTruncated).append("</IsTruncated>");
    for (int txid = from; txid <= to; txid++) {
      page.append("<Contents><Key>path/0000/").append(file(txid).fileName()).append("</Key>");
      page.append("<Size>7</Size><LastModified>2026-11-22T13:53:08.000Z</LastModified>");
      page.append("</Contents>");
    }
    return page.append("</ListBucketResult>").toString();
  }

  private static String error(String code) {
    return "<Error><Code>" + code + "</Code><Message>stub</Message></Error>";
  }

  private static LtxFileInfo file(long txid) {
    return new LtxFileInfo(0, Txid.of(txid), Txid.of(txid), CONTENT.length, 0);
  }

  private static void write(S3ReplicaClient client, long txid, byte[] content) throws IOException {
    client.write(file(txid), new BytesSource(content), Sha256.hexOf(content));
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

  /** Overwrites whatever is there; may refuse a header instead. */
  private static final class ForgetfulStore implements StubServer.Answers {
    private static final String ETAG = "ETag: \"5f\"";

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final int refusal;
    private final String refusedHeader;

    ForgetfulStore(int refusal, String refusedHeader) {
      this.refusal = refusal;
      this.refusedHeader = refusedHeader;
    }

    @Override
    public String answer(S3Request request, byte[] body) {
      switch (request.method()) {
        case "PUT":
          if (request.headers().containsKey(refusedHeader)) {
            String message = "<Message>Unsupported header " + refusedHeader + "</Message>";
            return StubServer.answer(
                refusal, "<Error><Code>NotImplemented</Code>" + message + "</Error>");
          }
          objects.put(request.target(), body);
          return StubServer.answer(200, "", ETAG);
        case "GET":
        case "HEAD":
          byte[] object = objects.get(request.target());
          if (object == null) {
            return StubServer.answer(404, "");
          }
          String whole =
              StubServer.answer(200, new String(object, StandardCharsets.US_ASCII), ETAG);
          return request.method().equals("HEAD")
              ? whole.substring(0, whole.indexOf("\r\n\r\n") + 4)
              : whole;
        default:
          objects.remove(request.target());
          return "HTTP/1.1 204 No Content\r\n\r\n";
      }
    }
  }
}
