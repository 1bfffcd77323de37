package io.walsync.bench.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.teststore.S3Operation;
import io.walsync.teststore.S3Request;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PutLogTest {

  private static final Instant ARRIVED = Instant.ofEpochSecond(3, 4_000);

  private final PutLog log = new PutLog();

  @Test
  void anAcknowledgedPutIsALine() {
    answer(S3Operation.PUT_OBJECT, "/bucket/key", 12, 200);

    assertThat(log.lines()).singleElement().asString().matches("3000004 \\d+ 12 /bucket/key");
  }

  @Test
  void anObjectInPartsIsALineWithAllItsBytesOnceItIsComplete() {
    answer(S3Operation.UPLOAD_PART, "/bucket/key?partNumber=1&uploadId=u", 10, 200);
    answer(S3Operation.UPLOAD_PART, "/bucket/key?partNumber=2&uploadId=u", 5, 200);
    assertThat(log.lines()).isEmpty();

    answer(S3Operation.COMPLETE_MULTIPART_UPLOAD, "/bucket/key?uploadId=u", 300, 200);

    assertThat(log.lines()).singleElement().asString().endsWith(" 15 /bucket/key");
  }

  @Test
  void whatWasRefusedOrIsNoPutIsNotThere() {
    answer(S3Operation.PUT_OBJECT, "/bucket/key", 12, 412);
    answer(S3Operation.GET_OBJECT, "/bucket/key", 0, 200);

    assertThat(log.lines()).isEmpty();
  }

  private void answer(S3Operation operation, String target, int sizeBytes, int status) {
    Map<String, String> headers = Map.of("content-length", String.valueOf(sizeBytes));
    log.answered(new S3Request(operation, "", target, headers), status, ARRIVED);
  }
}
