package io.walsync.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WireLogTest {

  private final WireLog log = new WireLog();

  @Test
  void anAcceptedPutIsAnObject() {
    add(3, "PUT", "/bench/run-1/app/0000/0000000000000001-00000000000000ff.ltx", 200, 12);

    Put put = log.puts().get(0);

    assertThat(put.acknowledgedMicros()).isEqualTo(3);
    assertThat(put.sizeBytes()).isEqualTo(12);
    assertThat(put.maxTxid()).isEqualTo(255);
    assertThat(put.isIn("bench", "run-1/app", "0000")).isTrue();
    assertThat(put.isIn("bench", "run-1/app", "0009")).isFalse();
    assertThat(put.isIn("bench", "run-1/ap", "0000")).isFalse();
  }

  @Test
  void anObjectInPartsIsThereWhenItIsComplete() {
    add(1, "POST", "/bench/key?uploads", 200, 5);
    add(2, "PUT", "/bench/key?partNumber=1&uploadId=u", 200, 10);
    add(3, "PUT", "/bench/key?partNumber=2&uploadId=u", 200, 20);
    assertThat(log.puts()).isEmpty();

    add(4, "POST", "/bench/key?uploadId=u", 200, 7);

    assertThat(log.puts()).containsExactly(new Put(4, 4, 30, "/bench/key"));
  }

  @Test
  void whatWasRefusedIsNoObject() {
    add(1, "PUT", "/bench/key", 412, 10);
    add(2, "PUT", "/bench/key", 503, 10);
    add(3, "GET", "/bench/key", 200, 10);

    assertThat(log.puts()).isEmpty();
    assertThat(log.all()).hasSize(3);
  }

  @Test
  void requestsSinceAMarkAreThoseThatCameLater() {
    add(1, "PUT", "/bench/old", 200, 10);
    int mark = log.mark();
    add(2, "PUT", "/bench/new", 200, 10);

    assertThat(log.since(mark)).extracting(Exchange::path).isEqualTo(List.of("/bench/new"));
  }

  @Test
  void kindsAreThoseOfThePriceList() {
    assertThat(kind("PUT", "/bench/key")).isEqualTo(RequestKind.PUT);
    assertThat(kind("POST", "/bench/key?uploads")).isEqualTo(RequestKind.PUT);
    assertThat(kind("GET", "/bench?list-type=2&prefix=a")).isEqualTo(RequestKind.LIST);
    assertThat(kind("GET", "/bench/?list-type=2&prefix=a")).isEqualTo(RequestKind.LIST);
    assertThat(kind("GET", "/bench/key")).isEqualTo(RequestKind.GET);
    assertThat(kind("HEAD", "/bench/key")).isEqualTo(RequestKind.GET);
    assertThat(kind("DELETE", "/bench/key")).isEqualTo(RequestKind.DELETE);
    assertThat(kind("POST", "/bench/?delete=")).isEqualTo(RequestKind.DELETE);
  }

  private static RequestKind kind(String method, String target) {
    return new Exchange(0, 0, method, target, 200, 0, 0).kind();
  }

  private void add(long micros, String method, String target, int status, long bytes) {
    log.add(new Exchange(micros, micros, method, target, status, bytes, 0));
  }
}
