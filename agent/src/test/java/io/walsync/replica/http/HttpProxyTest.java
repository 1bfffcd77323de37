package io.walsync.replica.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

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
      try (HttpClient client =
          new HttpClient(5_000, 5_000, TlsTrust.jvm(), ProxySettings.always(through))) {
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
      try (HttpClient client =
          new HttpClient(5_000, 5_000, TlsTrust.jvm(), ProxySettings.always(through))) {
        assertThatThrownBy(
                () -> client.send(S3, new HttpRequest("GET", "/", new HttpHeaders(), null, true)))
            .hasMessageContaining("refuses the connection to s3.example.com:443: HTTP/1.1 407")
            .hasMessageContaining("user and password are missing or wrong")
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
  void aProxyThatIsDownOrHangsIsNamed() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0)) {
      freePort = socket.getLocalPort();
    }
    assertThatThrownBy(() -> sendThrough(HttpProxy.of("http://u:secret@127.0.0.1:" + freePort)))
        .isInstanceOf(ProxyException.class)
        .hasMessageContaining("the proxy http://127.0.0.1:" + freePort + " cannot be reached")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> sendThrough(HttpProxy.of("http://no-such-proxy.invalid:1")))
        .hasMessage("the proxy http://no-such-proxy.invalid:1 is unknown (name resolution failed)");
    try (ServerSocket silent = new ServerSocket(0)) {
      HttpProxy proxy = HttpProxy.of("http://127.0.0.1:" + silent.getLocalPort());
      assertThatThrownBy(() -> sendThrough(proxy))
          .isInstanceOf(ProxyException.class)
          .hasMessageContaining("did not answer in time");
    }
    try (StubServer proxy = new StubServer((request, body) -> null)) {
      assertThatThrownBy(() -> sendThrough(HttpProxy.of("http://127.0.0.1:" + proxy.port())))
          .isInstanceOf(ProxyException.class)
          .hasMessageContaining("gave no answer: it hung up");
    }
  }

  private static void sendThrough(HttpProxy proxy) throws IOException {
    try (HttpClient client =
        new HttpClient(5_000, 200, TlsTrust.jvm(), ProxySettings.always(proxy))) {
      client.send(S3, new HttpRequest("GET", "/", new HttpHeaders(), null, true));
    }
  }
}
