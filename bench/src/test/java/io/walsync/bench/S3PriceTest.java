package io.walsync.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.walsync.bench.wire.Exchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class S3PriceTest {

  @Test
  void onePutASecondCostsThirteenDollarsAMonth() {
    List<Exchange> minute = Collections.nCopies(60, request("PUT", "/bench/key"));

    // 730 h x 3,600 requests x $0.005 / 1,000
    assertThat(S3Price.requestsPerMonth(minute, 60)).isCloseTo(13.14, within(1e-9));
  }

  @Test
  void eachKindHasItsPriceAndDeletingIsFree() {
    List<Exchange> exchanges = new ArrayList<>();
    exchanges.add(request("GET", "/bench?list-type=2"));
    exchanges.add(request("GET", "/bench/key"));
    exchanges.add(request("DELETE", "/bench/key"));

    double perHour = S3Price.requestsPerMonth(exchanges, 3_600) / 730;

    assertThat(perHour).isCloseTo(0.005e-3 + 0.0004e-3, within(1e-12));
  }

  @Test
  void amountsAreScaledToAnHour() {
    assertThat(S3Price.perHour(10, 20)).isEqualTo(1_800);
  }

  private static Exchange request(String method, String target) {
    return new Exchange(0, 0, method, target, 200, 0, 0);
  }
}
