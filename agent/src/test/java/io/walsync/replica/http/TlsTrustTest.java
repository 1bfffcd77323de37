package io.walsync.replica.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.teststore.StubServer;
import io.walsync.teststore.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTrustTest {

  @TempDir static Path folder;

  private static TestCertificate certificate;
  private static StubServer server;
  private static StubServer misnamed;

  @BeforeAll
  static void start() {
    certificate = new TestCertificate(folder, "ip:127.0.0.1");
    server =
        new StubServer(
            (request, body) -> StubServer.answer(200, "secret talk"),
            certificate.serverSockets(),
            "https");
    TestCertificate other = new TestCertificate(folder, "dns:elsewhere.example.com");
    other.writePem(folder.resolve("other.pem"));
    misnamed =
        new StubServer(
            (request, body) -> StubServer.answer(200, ""), other.serverSockets(), "https");
  }

  @AfterAll
  static void stop() {
    server.close();
    misnamed.close();
  }

  @Test
  void aPrivateAuthorityIsBelievedIfItsBundleIsNamed() throws IOException {
    TlsTrust trust = TlsTrust.bundle(certificate.writePem(folder.resolve("ca.pem")).toFile());

    assertThat(get(server, trust)).isEqualTo("secret talk");
  }

  @Test
  void aPrivateAuthorityIsNotBelievedOtherwise() {
    assertThatThrownBy(() -> get(server, TlsTrust.jvm())).isInstanceOf(SSLException.class);
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    TlsTrust trust = TlsTrust.bundle(folder.resolve("other.pem").toFile());

    assertThatThrownBy(() -> get(misnamed, trust))
        .isInstanceOf(SSLException.class)
        .hasRootCauseInstanceOf(CertificateException.class)
        .hasStackTraceContaining("is for elsewhere.example.com and not for this host");
  }

  @Test
  void aTrustStoreThatIsNotThereIsNamed() {
    String before = System.getProperty("javax.net.ssl.trustStore");
    System.setProperty("javax.net.ssl.trustStore", folder.resolve("no.jks").toString());
    try {
      assertThatThrownBy(() -> get(server, TlsTrust.jvm()))
          .hasMessageContaining(
              "not one of those of the JVM (javax.net.ssl.trustStore names " + folder)
          .hasMessageContaining("which does not exist)");
    } finally {
      if (before == null) {
        System.clearProperty("javax.net.ssl.trustStore");
      } else {
        System.setProperty("javax.net.ssl.trustStore", before);
      }
    }
  }

  @Test
  void everybodyIsBelievedOnRequest() throws IOException {
    assertThat(get(server, TlsTrust.everybody())).isEqualTo("secret talk");
    assertThat(get(misnamed, TlsTrust.everybody())).isEmpty();
  }

  @Test
  void aBundleThatIsMissingEmptyOrNotPemIsNamed() throws IOException {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path garbage =
        Files.writeString(folder.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\n");
    for (Path bundle : new Path[] {missing, empty, garbage}) {
      assertThatThrownBy(() -> get(server, TlsTrust.bundle(bundle.toFile())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(bundle.toString());
    }
  }

  @Test
  void aConnectionThatServedOneRequestServesTheNext() throws IOException {
    try (StubServer fresh =
            new StubServer(
                (request, body) -> StubServer.answer(200, ""),
                certificate.serverSockets(),
                "https");
        HttpClient client =
            new HttpClient(5_000, 5_000, TlsTrust.everybody(), ProxySettings.none())) {
      for (int i = 0; i < 5; i++) {
        get(client, fresh);
      }
      assertThat(fresh.connectionCount()).isEqualTo(1);
    }
  }

  @Test
  void aKeptConnectionTheServerClosedIsNoticedBelowTls() throws Exception {
    try (HttpClient client =
        new HttpClient(5_000, 5_000, TlsTrust.everybody(), ProxySettings.none())) {
      get(client, server);
      server.dropConnections();
      HttpRequest once = new HttpRequest("POST", "/", new HttpHeaders(), null, false);

      assertThat(client.send(HttpOrigin.of(server.endpoint()), once).status()).isEqualTo(200);
    }
  }

  private static String get(StubServer from, TlsTrust trust) throws IOException {
    try (HttpClient client = new HttpClient(5_000, 5_000, trust, ProxySettings.none())) {
      return get(client, from);
    }
  }

  private static String get(HttpClient client, StubServer from) throws IOException {
    HttpRequest request = new HttpRequest("GET", "/", new HttpHeaders(), null, true);
    return new String(client.send(HttpOrigin.of(from.endpoint()), request).readBody(100));
  }
}
