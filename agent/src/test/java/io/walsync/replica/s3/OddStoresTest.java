package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever answers, and however: a write is success only if the object is there, a refusal is never
 * taken for another writer's, and the next try against the store itself works.
 */
class OddStoresTest extends OnEmbeddedS3 {

  private static final byte[] CONTENT = new byte[1_000];
  private static final LtxFileInfo FILE =
      new LtxFileInfo(0, Txid.FIRST, Txid.FIRST, CONTENT.length, 1_790_000_000_000L);

  @Test
  void whateverIsAnsweredInPlaceOfTheStoreNothingIsTakenForStored() throws IOException {
    List<String> answers =
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
            "HTTP/1.1 200 OK\r\nETag: \"5f\"\r\nContent-Length: 9999999\r\n\r\n<html>",
            "HTTP/1.1 200 OK\r\nETag: \"5f\"\r\n\r\n<html></html>",
            "HTTP/1.1 200 OK\r\nETag: \"5f\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html",
            "HTTP/1.1 200 OK\r\nETag: \"5f\"\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u001f\u008b",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\n\r\n",
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
            "HTTP/2 200\r\n\r\n",
            "SSH-2.0-OpenSSH_9.6\r\n",
            "");
    for (String given : answers) {
      S3Settings settings = S3Bucket.embedded(s3).build();
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.raw(given));
      try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
        assertThatThrownBy(() -> write(client))
            .as(given)
            .isInstanceOf(ReplicaException.class)
            .isNotInstanceOf(LtxFileConflictException.class)
            .hasMessageContaining(FILE.fileName());
        assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).as(given).isEmpty();

        write(client);

        assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).as(given).hasSize(1);
      }
    }
  }

  @Test
  void anAnswerThatIsLostAtAnyByteIsMadeUpForByTheNextTry() throws IOException {
    String whole = "HTTP/1.1 200 OK\r\nETag: \"5f\"\r\nContent-Length: 0\r\n\r\n";
    for (int length = 0; length < whole.length(); length++) {
      S3Settings settings = S3Bucket.embedded(s3).build();
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.raw(whole.substring(0, length)));
      try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
        assertThatThrownBy(() -> write(client)).as("%d bytes", length);

        write(client);
      }
      assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path())).hasSize(1);
    }
  }

  @Test
  void aStoreThatHasWrittenAndNotAnsweredIsFoundToHaveIt() throws IOException {
    S3Settings settings = S3Bucket.embedded(s3).build();
    try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
      s3.faults().next(S3Operation.PUT_OBJECT, Fault.loseAnswer());
      assertThatThrownBy(() -> write(client)).isInstanceOf(ReplicaException.class);
      s3.requests().reset();

      write(client);

      assertThat(s3.requests().count(S3Operation.HEAD_OBJECT)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "GET"})
  void whatCannotBeLookedAtIsNotTakenForStored(String hanging) {
    try (StubServer stub =
            new StubServer(
                (request, body) -> {
                  if (request.method().equals(hanging)) {
                    return null;
                  }
                  return request.method().equals("HEAD")
                      ? "HTTP/1.1 200 OK\r\nContent-Length: " + CONTENT.length + "\r\n\r\n"
                      : answer(200, "");
                });
        S3ReplicaClient client =
            new S3ReplicaClient(
                S3Bucket.embedded(s3).endpoint(stub.endpoint().toString()).build())) {
      assertThatThrownBy(() -> write(client))
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
          .isNotInstanceOf(LtxFileConflictException.class)
          .isNotInstanceOf(LtxFileMissingException.class);
    }
  }

  @Test
  void randomAnswersToEveryRequestNeverMakeAWriteSucceedNorAConflict() {
    long seed = Long.getLong("walsync.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] statuses = {"200 OK", "204 None", "404 Not", "412 No", "500 Oops", "302 There"};
    String[] headers = {
      "", "ETag: \"5f\"\r\n", "Content-Type: text/html\r\n", "Location: http://else.where/\r\n"
    };
    String[] bodies = {"", "<html></html>", "<Error><Code>Odd</Code></Error>", "{}"};
    try (StubServer stub =
            new StubServer(
                (request, body) -> {
                  String head = "HTTP/1.1 " + statuses[random.nextInt(statuses.length)] + "\r\n";
                  String text = bodies[random.nextInt(bodies.length)];
                  String header = headers[random.nextInt(headers.length)];
                  boolean isS3s = text.isEmpty() || request.method().equals("HEAD");
                  boolean isProof = header.startsWith("ETag") && isS3s;
                  return head
                      + (isProof ? "" : header)
                      + "Content-Length: "
                      + text.length()
                      + "\r\n\r\n"
                      + (request.method().equals("HEAD") ? "" : text);
                });
        S3ReplicaClient client =
            new S3ReplicaClient(
                S3Bucket.embedded(s3).endpoint(stub.endpoint().toString()).build())) {
      for (int i = 0; i < 300; i++) {
        assertThatThrownBy(() -> write(client))
            .as("seed %d, write %d", seed, i)
            .isInstanceOf(ReplicaException.class)
            .isNotInstanceOf(LtxFileConflictException.class);
      }
    }
  }

  private static void write(S3ReplicaClient client) throws IOException {
    client.write(FILE, new BytesSource(CONTENT), Sha256.hexOf(CONTENT));
  }
}
