package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentRangeTest {

  private static final LtxFileInfo FILE = new LtxFileInfo(0, Txid.FIRST, Txid.FIRST, 10, 0);

  @ParameterizedTest
  @CsvSource({
    "2, 3, bytes 2-4/10",
    "2, 3, bytes 2-4/*",
    "2, 100, bytes 2-9/10",
    "2, 9223372036854775807, bytes 2-9/10",
    "0, 10, bytes 0-9/10"
  })
  void theRangeAskedForIsTaken(long offset, long length, String range) throws IOException {
    assertThat(read(offset, length, 206, range)).isEqualTo("content");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 200, bytes 2-4/10",
    "2, 3, 206, bytes 0-2/10",
    "2, 3, 206, bytes 2-3/10",
    "2, 3, 206, bytes 2-5/10",
    "2, 3, 206, bytes 2-9/10",
    "2, 9223372036854775807, 206, bytes 2-4/10",
    "2, 3, 206, bytes */10",
    "2, 3, 206, pages 2-4/10",
    "2, 3, 206, bytes 2-x/10",
    "2, 3, 206, ''"
  })
  void anyOtherIsRefused(long offset, long length, int status, String range) {
    assertThatThrownBy(() -> read(offset, length, status, range))
        .isInstanceOf(ReplicaException.class)
        .hasMessageContaining("does not answer the range from 2");
  }

  @Test
  void anAnswerThatMayHaveBeenCutUnseenIsRefused() {
    String endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf";
    try (StubServer stub = new StubServer((request, body) -> endless);
        S3ReplicaClient client = client(stub)) {
      assertThatThrownBy(() -> client.open(FILE, 0, Long.MAX_VALUE))
          .hasMessageContaining("does not say where the answer ends");
    }
  }

  private static String read(long offset, long length, int status, String range)
      throws IOException {
    try (StubServer stub =
            new StubServer(
                (request, body) -> answer(status, "content", "Content-Range: " + range));
        S3ReplicaClient client = client(stub);
        InputStream in = client.open(FILE, offset, length)) {
      return new String(in.readAllBytes());
    }
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
}
