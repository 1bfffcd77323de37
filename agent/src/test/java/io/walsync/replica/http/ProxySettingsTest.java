package io.walsync.replica.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySettingsTest {

  private static final HttpOrigin S3 = origin("https://s3.example.com");

  @Test
  void theSchemeDecidesWhichVariableNamesTheProxy() {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://tls:1", "http_proxy", "plain:2");

    assertThat(proxy(environment, Map.of(), S3)).hasToString("http://tls:1 (HTTPS_PROXY)");
    assertThat(proxy(environment, Map.of(), origin("http://s3.example.com")))
        .hasToString("http://plain:2 (HTTP_PROXY)");
    assertThat(proxy(Map.of(), Map.of(), S3)).isNull();
    assertThat(proxy(Map.of("HTTPS_PROXY", ""), Map.of(), S3)).isNull();
  }

  @Test
  void thePropertiesOfTheJvmComeBeforeTheEnvironment() {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://env:1", "NO_PROXY", "*");
    Map<String, String> properties =
        new HashMap<>(Map.of("https.proxyHost", "jvm", "https.proxyPort", "3128"));

    assertThat(proxy(environment, properties, S3))
        .hasToString("http://jvm:3128 (-Dhttps.proxyHost)");
    assertThat(proxy(environment, properties, origin("http://s3.example.com"))).isNull();

    properties.put("http.nonProxyHosts", "*.example.com");
    assertThat(proxy(Map.of("HTTPS_PROXY", "http://env:1"), properties, S3)).isNull();
  }

  @Test
  void withoutAPortTheSchemesOwnIsMeantAsTheJdkHasIt() {
    assertThat(proxy(Map.of(), Map.of("https.proxyHost", "jvm"), S3))
        .hasToString("http://jvm:443 (-Dhttps.proxyHost)");
    assertThat(proxy(Map.of(), Map.of("http.proxyHost", "jvm"), origin("http://store:9000")))
        .hasToString("http://jvm (-Dhttp.proxyHost)");
  }

  @Test
  void userAndPasswordAreThoseOfTheProperties() {
    Map<String, String> properties =
        Map.of(
            "https.proxyHost",
            "jvm",
            "https.proxyUser",
            "user",
            "https.proxyPassword",
            "p@ss:word");

    HttpProxy proxy = proxy(Map.of(), properties, S3);

    assertThat(proxy.authorization()).isEqualTo("Basic dXNlcjpwQHNzOndvcmQ=");
    assertThat(proxy).hasToString("http://jvm:443 (-Dhttps.proxyHost)");
  }

  @Test
  void whatIsNoProxyIsSaidWithItsPlace() {
    assertThatThrownBy(() -> proxy(Map.of("HTTPS_PROXY", "socks5://secret:1"), Map.of(), S3))
        .hasMessageContaining("HTTPS_PROXY: a proxy is http://")
        .hasMessageContaining("SOCKS is not supported")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () -> proxy(Map.of(), Map.of("https.proxyHost", "jvm", "https.proxyPort", "x"), S3))
        .hasMessage("-Dhttps.proxyHost: not a host and a port");
  }

  @Test
  void whatTheJvmIsToldAndWeDoNotDoIsNamed() {
    assertThat(ProxySettings.unsupported(Map.of("socksProxyHost", "socks")::get))
        .isEqualTo("-DsocksProxyHost");
    assertThat(ProxySettings.unsupported(Map.of("java.net.useSystemProxies", "true")::get))
        .isEqualTo("-Djava.net.useSystemProxies");
    assertThat(ProxySettings.unsupported(Map.of("https.proxyHost", "jvm")::get)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "s3.example.com, true",
    "example.com, true",
    ".example.com, true",
    "*.example.com, true",
    "'other.org, EXAMPLE.COM', true",
    "*, true",
    "example.com:443, true",
    "example.com:9000, false",
    "ample.com, false",
    "other.org, false",
    "'', false"
  })
  void noProxyExcludesHostsAndDomains(String noProxy, boolean isExcluded) {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", noProxy);

    assertThat(proxy(environment, Map.of(), S3) == null).isEqualTo(isExcluded);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, http://10.200.3.4:9000, true",
    "10.0.0.0/8, http://11.0.0.1:9000, false",
    "10.1.2.3, http://10.1.2.3, true",
    "192.168.4.0/22, http://192.168.7.255, true",
    "192.168.4.0/22, http://192.168.8.0, false",
    "0.0.0.0/0, http://11.0.0.1, true",
    "10.0.0.0/8, http://store.internal, false",
    "10.0.0.0/99, http://10.0.0.1, false",
    "nonsense/8, http://10.0.0.1, false",
    "fd00::/8, 'http://[fd12::1]:9000', true",
    "fd00::/8, 'http://[fe80::1]:9000', false",
    "'[fd12::1]', 'http://[fd12::1]:9000', true",
    "'[fd12::1]:9001', 'http://[fd12::1]:9000', false"
  })
  void noProxyExcludesAddressesAndTheirRanges(String noProxy, String store, boolean isExcluded) {
    Map<String, String> environment = Map.of("HTTP_PROXY", "http://p:1", "NO_PROXY", noProxy);

    assertThat(proxy(environment, Map.of(), origin(store)) == null).isEqualTo(isExcluded);
  }

  @ParameterizedTest
  @CsvSource({
    "s3.example.com, true",
    "*.example.com, true",
    "other|S3.*, true",
    "*example*, true",
    "*, true",
    "example.com, false",
    "*.org|, false",
    "'', false"
  })
  void nonProxyHostsAreReadAsTheJdkReadsThem(String patterns, boolean isExcluded) {
    Map<String, String> properties =
        Map.of("https.proxyHost", "jvm", "http.nonProxyHosts", patterns);

    assertThat(proxy(Map.of(), properties, S3) == null).isEqualTo(isExcluded);
  }

  @Test
  void thisMachineIsNeverAskedForThroughAProxy() {
    for (String host : new String[] {"localhost", "127.0.0.1", "[::1]"}) {
      HttpOrigin origin = origin("http://" + host + ":9000");
      assertThat(proxy(Map.of("HTTP_PROXY", "http://p:1"), Map.of(), origin)).isNull();
      assertThat(proxy(Map.of(), Map.of("http.proxyHost", "jvm"), origin)).isNull();
    }
  }

  private static HttpProxy proxy(
      Map<String, String> environment, Map<String, String> properties, HttpOrigin target) {
    return ProxySettings.of(environment, properties::get).forOrigin(target);
  }

  private static HttpOrigin origin(String uri) {
    return HttpOrigin.of(URI.create(uri));
  }
}
