package io.walsync.replica.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpOriginTest {

  @ParameterizedTest
  @CsvSource({
    "http://host, host, 80, false",
    "https://host, host, 443, true",
    "http://host:80, host, 80, false",
    "HTTPS://host:9000/path, host:9000, 9000, true",
    "http://[::1]:9000, [::1]:9000, 9000, false",
    "http://minio_1:9000, minio_1:9000, 9000, false",
    "http://minio_1, minio_1, 80, false"
  })
  void aUrlIsTakenApart(String url, String authority, int port, boolean isTls) {
    HttpOrigin origin = HttpOrigin.of(URI.create(url));

    assertThat(origin.authority()).isEqualTo(authority);
    assertThat(origin.port()).isEqualTo(port);
    assertThat(origin.isTls()).isEqualTo(isTls);
    assertThat(origin).isEqualTo(HttpOrigin.of(URI.create(origin.toString())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"host:9000", "ftp://host", "/path", "http:///path", "http://a_b:x"})
  void anythingElseIsRefused(String url) {
    assertThatThrownBy(() -> HttpOrigin.of(URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anIpv6AddressIsResolvedWithoutItsBrackets() {
    assertThat(HttpOrigin.of(URI.create("http://[::1]")).bareHost()).isEqualTo("::1");
  }
}
