package io.walsync.replica.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProxyTest {

  private static final HttpOrigin S3 = HttpOrigin.of(URI.create("https://s3.example.com"));

  @Test
  void requestsGoThroughATunnelWithUserAndPassword() throws IOException {
    StringBuilder seen = new StringBuilder();
    try (StubServer proxy =
        new StubServer(
            (request, body) -> {
              if (request.method().equals("CONNECT")) {
                seen.append(request.target()).append(' ');
                seen.append(request.header("proxy-authorization"));
                return "HTTP/1.1 200 Connection established\r\n\r\n";
              }
              return StubServer.answer(200, "behind the proxy " + request.header("host"));
            })) {
      HttpProxy through = HttpProxy.of("http://user:p%40ss@127.0.0.1:" + proxy.port());
      try (HttpClient client = new HttpClient(5_000, 5_000, TlsTrust.jvm(), through)) {
        HttpOrigin origin = HttpOrigin.of(URI.create("http://store.invalid:9000"));
        HttpResponse response =
            client.send(origin, new HttpRequest("GET", "/", new HttpHeaders(), null, true));

        assertThat(new String(response.readBody(100)))
            .isEqualTo("behind the proxy store.invalid:9000");
      }
    }
    assertThat(seen).hasToString("store.invalid:9000 Basic dXNlcjpwQHNz");
  }

  @Test
  void aRefusalIsReportedWithoutThePassword() {
    try (StubServer proxy = new StubServer((request, body) -> StubServer.answer(407, "who?"))) {
      HttpProxy through = HttpProxy.of("http://user:secret@127.0.0.1:" + proxy.port());
      try (HttpClient client = new HttpClient(5_000, 5_000, TlsTrust.jvm(), through)) {
        assertThatThrownBy(
                () -> client.send(S3, new HttpRequest("GET", "/", new HttpHeaders(), null, true)))
            .hasMessageContaining("refuses the connection: HTTP/1.1 407")
            .hasMessageNotContaining("secret");
      }
    }
  }

  @Test
  void aBadProxyIsRefusedWithoutShowingIt() {
    for (String proxy : new String[] {"http://user:secret@", "socks5://secret:1", "http://a b"}) {
      assertThatThrownBy(() -> HttpProxy.of(proxy))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void theSchemeDecidesWhichVariableNamesTheProxy() {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://tls:1", "http_proxy", "plain:2");

    assertThat(HttpProxy.fromEnvironment(environment, S3)).hasToString("http://tls:1");
    assertThat(
            HttpProxy.fromEnvironment(
                environment, HttpOrigin.of(URI.create("http://s3.example.com"))))
        .hasToString("http://plain:2");
    assertThat(HttpProxy.fromEnvironment(Map.of(), S3)).isNull();
    assertThat(HttpProxy.fromEnvironment(Map.of("HTTPS_PROXY", ""), S3)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "s3.example.com, true",
    "example.com, true",
    ".example.com, true",
    "*.example.com, true",
    "'other.org, EXAMPLE.COM', true",
    "*, true",
    "ample.com, false",
    "other.org, false",
    "'', false"
  })
  void noProxyExcludesHostsAndDomains(String noProxy, boolean isExcluded) {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", noProxy);

    assertThat(HttpProxy.fromEnvironment(environment, S3) == null).isEqualTo(isExcluded);
  }

  @Test
  void thisMachineIsNeverAskedForThroughTheEnvironmentsProxy() {
    Map<String, String> environment = Map.of("HTTP_PROXY", "http://p:1");
    for (String host : new String[] {"localhost", "127.0.0.1", "[::1]"}) {
      HttpOrigin origin = HttpOrigin.of(URI.create("http://" + host + ":9000"));
      assertThat(HttpProxy.fromEnvironment(environment, origin)).isNull();
    }
  }
}
