package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths with slashes that Litestream takes for part of the keys. */
class S3PathTest {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);
  private static final LtxFileInfo FILE = new LtxFileInfo(0, Txid.FIRST, Txid.FIRST, 7, 0);

  /** What the store answers when asked for the keys that Litestream would have written. */
  private int exactStatus = 200;

  private String exactKey = "";

  private StubServer store(String exactPrefix) {
    return new StubServer(
        (request, body) -> {
          if (request.method().equals("PUT")) {
            return answer(200, "", "ETag: \"9a0364b9e99bb480dd25e1f0284c8555\"");
          }
          boolean isExact = request.target().contains("prefix=" + S3Keys.encodeQuery(exactPrefix));
          if (isExact && exactStatus != 200) {
            return answer(exactStatus, "<Error><Code>Whatever</Code></Error>");
          }
          String key = isExact && request.target().contains("0009") ? exactKey : "";
          return answer(
              200,
              "<ListBucketResult><IsTruncated>false</IsTruncated>"
                  + (key.isEmpty()
                      ? ""
                      : "<Contents><Key>"
                          + key
                          + "</Key><Size>7</Size><LastModified>2026-01-31T12:00:00Z"
                          + "</LastModified></Contents>")
                  + "</ListBucketResult>");
        });
  }

  private static S3ReplicaClient client(StubServer stub, String path) {
    return new S3ReplicaClient(
        S3Settings.builder()
            .endpoint(stub.endpoint().toString())
            .forcePathStyle(true)
            .region("us-east-1")
            .bucket("bucket")
            .path(path)
            .keys("id", "secret")
            .build());
  }

  private static String written(StubServer stub, S3ReplicaClient client) throws IOException {
    client.write(FILE, new BytesSource(CONTENT), Sha256.hexOf(CONTENT));
    return stub.requests().stream()
        .filter(request -> request.method().equals("PUT"))
        .findFirst()
        .get()
        .target();
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a/, a/",
    "a/, a//, a/",
    "/a//b/, /a//b//, a/b/",
    "'', /, ''",
    "., ./, ''",
  })
  void aNewReplicaHasKeysThatEveryStoreTakes(String path, String exact, String clean)
      throws IOException {
    try (StubServer stub = store(exact + "0");
        S3ReplicaClient client = client(stub, path)) {
      assertThat(written(stub, client)).startsWith("/bucket/" + clean + "0000/0000000000000001-");
    }
  }

  @ParameterizedTest
  @CsvSource({"/a, /a/", "a/, a//", "/a//b/, /a//b//", "'', /", "., ./"})
  void aReplicaOfLitestreamsIsGoneOnWithWhereItIs(String path, String exact) throws IOException {
    exactKey = exact + "0009/0000000000000001-0000000000000001.ltx";
    try (StubServer stub = store(exact + "0");
        S3ReplicaClient client = client(stub, path)) {
      assertThat(client.list(9, Txid.FIRST, false)).hasSize(1);
      assertThat(written(stub, client)).startsWith("/bucket/" + exact + "0000/0000000000000001-");
    }
  }

  @Test
  void aStoreThatTakesNoSuchKeyHasNoSuchReplica() throws IOException {
    exactStatus = 400;
    try (StubServer stub = store("a//0");
        S3ReplicaClient client = client(stub, "a/")) {
      assertThat(written(stub, client)).startsWith("/bucket/a/0000/");
    }
  }

  @Test
  void whereTheReplicaIsStaysOpenUntilTheStoreHasSaid() throws IOException {
    exactStatus = 503;
    exactKey = "a//0009/0000000000000001-0000000000000001.ltx";
    try (StubServer stub = store("a//0");
        S3ReplicaClient client = client(stub, "a/")) {
      assertThatThrownBy(() -> client.list(9, Txid.FIRST, false))
          .isInstanceOf(ReplicaException.class);
      exactStatus = 200;
      assertThat(client.list(9, Txid.FIRST, false)).hasSize(1);
      assertThat(written(stub, client)).startsWith("/bucket/a//0000/");
    }
  }

  @Test
  void anOrdinaryPathCostsNoRequest() throws IOException {
    try (StubServer stub = store("x");
        S3ReplicaClient client = client(stub, "a/b")) {
      assertThat(written(stub, client)).startsWith("/bucket/a/b/0000/");
      assertThat(stub.requests()).hasSize(1);
    }
  }
}
