package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.StubServer;
import io.walsync.teststore.TestCertificate;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users read when something is wrong, from a real server where it can be had from one. */
class S3FailureTest extends OnEmbeddedS3 {

  private static final LtxFileInfo FILE =
      new LtxFileInfo(0, Txid.FIRST, Txid.FIRST, 3, 1_790_000_000_000L);
  private static final String SECRET = "the-very-secret-key";

  @Test
  void aBucketThatDoesNotExistIsPermanentAndNamed() {
    ReplicaException e = failureOfInit(S3Bucket.embedded(s3).bucket("no-such-bucket"));

    assertThat(e.isPermanent()).isTrue();
    assertThat(e)
        .hasMessageStartingWith("cannot list s3://no-such-bucket: bucket no-such-bucket does not")
        .hasMessageContaining(s3.endpoint().toString());
  }

  @Test
  void aWrongSecretIsPermanentAndNotShown() {
    ReplicaException e = failureOfInit(S3Bucket.embedded(s3).keys(s3.accessKey(), SECRET));

    assertThat(e.isPermanent()).isTrue();
    assertThat(e)
        .hasMessageContaining("the secret access key does not belong to the access key id")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void anUnknownAccessKeyIsPermanent() {
    ReplicaException e = failureOfInit(S3Bucket.embedded(s3).keys("nobody", SECRET));

    assertThat(e.isPermanent()).isTrue();
    assertThat(e).hasMessageContaining("the store does not know the access key id");
  }

  @Test
  void anUnknownAccessKeyIsNoMissingBucketNorObjectWhereTheStatusIs404() {
    s3.faults().always(S3Operation.ANY, Fault.error(404, "XAdminUserNotFound"));

    ReplicaException e = failureOfInit(S3Bucket.embedded(s3));

    assertThat(e).hasMessageContaining("the store does not know the access key id");
    try (S3ReplicaClient client = new S3ReplicaClient(S3Bucket.embedded(s3).build())) {
      assertThatThrownBy(() -> client.open(FILE, 0, 1))
          .isNotInstanceOf(LtxFileMissingException.class);
    }
  }

  @Test
  void aClockThatIsWrongIsToldByHowMuch() {
    Clock hourAhead = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    try (S3ReplicaClient client =
        new S3ReplicaClient(S3Bucket.embedded(s3).build(), Map.of(), hourAhead)) {
      ReplicaException e = catchThrowableOfType(ReplicaException.class, client::init);

      assertThat(e.isPermanent()).isFalse();
      assertThat(e)
          .hasMessageContaining("the clock of this machine and that of the store differ by 3")
          .hasMessageContaining("ours is ahead");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, true, access denied; the keys need s3:ListBucket on walsync-test",
    "400, ExpiredToken, false, the session token has expired; configure a new one",
    "400, InvalidToken, true, the session token is not valid: it has expired",
    "403, InvalidTokenId, true, the session token is not valid: it has expired",
    "503, SlowDown, false, the store asks for fewer requests",
    "503, ServiceUnavailable, false, the store asks for fewer requests",
    "429, TooManyRequests, false, the store asks for fewer requests",
    "500, InternalError, false, the store has a problem",
    "504, GatewayTimeout, false, the store has a problem",
    "507, XMinioStorageFull, false, the store has a problem",
    "400, RequestTimeout, false, the store refuses",
    "409, OperationAborted, false, the store refuses",
    "400, XAmzContentSHA256Mismatch, false, damaged on its way",
    "400, InvalidArgument, true, the store refuses",
    "400, AuthorizationHeaderMalformed, true, wrong region or endpoint",
    "405, MethodNotAllowed, true, the store refuses"
  })
  void codesAreTranslated(int status, String code, boolean isPermanent, String text) {
    s3.faults().always(S3Operation.LIST_OBJECTS, Fault.error(status, code));

    ReplicaException e = failureOfInit(S3Bucket.embedded(s3));

    assertThat(e).hasMessageContaining(text).hasMessageContaining(status + " " + code);
    assertThat(e.isPermanent()).isEqualTo(isPermanent);
    assertThat(((S3ReplicaException) e).status()).isEqualTo(status);
    assertThat(((S3ReplicaException) e).code()).isEqualTo(code);
    assertThat(((S3ReplicaException) e).retryAfterMillis())
        .isEqualTo(S3ReplicaException.NO_RETRY_AFTER);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7000",
    "0, 0",
    "-5, 0",
    "999999, 3600000",
    "'Mon, 23 Nov 2026 10:00:30 GMT', 30000",
    "'Mon, 23 Nov 2026 09:00:00 GMT', 0",
    "soon, -1"
  })
  void retryAfterIsSurfaced(String header, long millis) {
    Clock clock = Clock.fixed(Instant.parse("2026-11-23T10:00:00Z"), ZoneOffset.UTC);
    try (StubServer stub =
            new StubServer((request, body) -> answer(503, "", "Retry-After: " + header));
        S3ReplicaClient client = new S3ReplicaClient(settings(stub).build(), Map.of(), clock)) {
      S3ReplicaException e = catchThrowableOfType(S3ReplicaException.class, client::init);

      assertThat(e.retryAfterMillis()).isEqualTo(millis);
      assertThat(e.isPermanent()).isFalse();
    }
  }

  @Test
  void anErrorInAnAnswerOfStatus200IsAnError() {
    String document = "<Error><Code>SlowDown</Code><Message>calm</Message></Error>";
    try (StubServer stub = new StubServer((request, body) -> answer(200, document))) {
      ReplicaException e = failureOfInit(settings(stub));

      assertThat(e).hasMessageContaining("fewer requests").hasMessageContaining("calm");
      assertThat(e.isPermanent()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 403, 502})
  void aPageOfAProxyIsNotTakenForS3AndShownByItsTitleOnly(int status) {
    String page = "<html><head><title>Access\nto the web</title></head>Authorization: AWS4</html>";
    try (StubServer stub = new StubServer((request, body) -> answer(status, page))) {
      ReplicaException e = failureOfInit(settings(stub));

      assertThat(e)
          .hasMessageContaining("not from an S3 store but a page titled \"Access to the web\"")
          .hasMessageNotContaining("AWS4");
      assertThat(e.isPermanent()).isFalse();
    }
  }

  @Test
  void whatAStoreRepeatsOfOurRequestIsNotShown() {
    String document =
        "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>"
            + "<CanonicalRequest>x-amz-security-token:the-token</CanonicalRequest></Error>";
    try (StubServer stub = new StubServer((request, body) -> answer(403, document))) {
      ReplicaException e = failureOfInit(settings(stub).sessionToken("the-token"));

      assertThat(e).hasMessageNotContaining("the-token").hasMessageNotContaining(SECRET);
    }
  }

  @Test
  void theRightRegionIsFollowedAndNamedIfThatDoesNotHelp() throws IOException {
    String moved =
        "<Error><Code>AuthorizationHeaderMalformed</Code><Message>expecting eu-west-3</Message>"
            + "<Region>eu-west-3</Region></Error>";
    String listing = "<ListBucketResult></ListBucketResult>";
    try (StubServer stub =
        new StubServer(
            (request, body) ->
                request.header("authorization").contains("/eu-west-3/s3/")
                    ? answer(200, listing)
                    : answer(400, moved))) {
      try (S3ReplicaClient client = new S3ReplicaClient(settings(stub).build())) {
        client.init();
        client.init();
      }
      assertThat(stub.requests()).hasSize(3);
    }
    try (StubServer stub =
        new StubServer((request, body) -> answer(301, "", "x-amz-bucket-region: ap-south-1"))) {
      assertThat(failureOfInit(settings(stub)).isPermanent()).isTrue();
      assertThat(stub.requests()).hasSize(2);
    }
    try (StubServer stub =
        new StubServer(
            (request, body) ->
                request.header("authorization").contains("/ap-south-1/")
                    ? answer(301, "", "x-amz-bucket-region: ap-south-2")
                    : answer(301, "", "x-amz-bucket-region: ap-south-1"))) {
      assertThat(failureOfInit(settings(stub)))
          .hasMessageContaining("is in region ap-south-2, not ap-south-1; set region to it");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x/", "eu west", "a.b", "a@b", "evil.example#"})
  void aNameThatIsNoRegionIsNotAsked(String region) throws Exception {
    try (StubServer stub =
        new StubServer((request, body) -> answer(301, "", "x-amz-bucket-region: " + region))) {
      assertThat(failureOfInit(settings(stub))).hasMessageNotContaining(region);
      assertThat(stub.requests()).hasSize(1);
    }
  }

  @Test
  void anUnknownHostIsToldApart() {
    ReplicaException e =
        failureOfInit(S3Bucket.embedded(s3).endpoint("http://no-such-host.invalid:9000"));

    assertThat(e).hasMessageContaining("host no-such-host.invalid is unknown");
    assertThat(e.isPermanent()).isFalse();
  }

  @Test
  void aRefusedConnectionIsToldApart() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0)) {
      freePort = socket.getLocalPort();
    }
    ReplicaException e =
        failureOfInit(S3Bucket.embedded(s3).endpoint("http://127.0.0.1:" + freePort));

    assertThat(e).hasMessageContaining("http://127.0.0.1:" + freePort + " cannot be reached");
    assertThat(e.isPermanent()).isFalse();
  }

  @Test
  void aStoreThatDoesNotAnswerEndsInATimeout() {
    s3.faults().always(S3Operation.LIST_OBJECTS, Fault.blackHole());

    ReplicaException e = failureOfInit(S3Bucket.embedded(s3).readTimeoutMillis(100));

    assertThat(e).hasMessageContaining("did not answer in time");
    assertThat(e.isPermanent()).isFalse();
  }

  @Test
  void aPrivateCertificateComesWithAHint(@TempDir Path folder) {
    TestCertificate certificate = new TestCertificate(folder, "ip:127.0.0.1");
    String listing = "<ListBucketResult></ListBucketResult>";
    try (StubServer stub =
        new StubServer(
            (request, body) -> answer(200, listing), certificate.serverSockets(), "https")) {
      try (S3ReplicaClient client =
          new S3ReplicaClient(settings(stub).build(), Map.of(), Clock.systemUTC())) {
        ReplicaException e = catchThrowableOfType(ReplicaException.class, client::init);
        assertThat(e)
            .hasMessageContaining(
                "its certificate \"CN=walsync test\" is self-signed and not one of")
            .hasMessageContaining("those of the JVM")
            .hasMessageContaining("name a PEM file with that certificate in AWS_CA_BUNDLE");
        assertThat(e.isPermanent()).isTrue();
      }
      Map<String, String> environment =
          Map.of("AWS_CA_BUNDLE", certificate.writePem(folder.resolve("ca.pem")).toString());
      try (S3ReplicaClient client =
          new S3ReplicaClient(settings(stub).build(), environment, Clock.systemUTC())) {
        client.init();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ip:127.0.0.1, -40, its certificate expired on 20, renew it",
    "ip:127.0.0.1, 5, its certificate is valid from 20, and the clock here says 20",
    "dns:minio.example, 0, its certificate is for minio.example and not for this host, force-path",
    "dns:minio.example, -40, its certificate expired on 20, the clock here says"
  })
  void aCertificateThatIsNotBelievedIsToldWhy(
      String name, int beginsInDays, String problem, String advice, @TempDir Path folder) {
    TestCertificate certificate = new TestCertificate(folder, name, beginsInDays);
    Map<String, String> environment =
        Map.of("AWS_CA_BUNDLE", certificate.writePem(folder.resolve("ca.pem")).toString());
    try (StubServer stub =
            new StubServer((request, body) -> "", certificate.serverSockets(), "https");
        S3ReplicaClient client =
            new S3ReplicaClient(settings(stub).build(), environment, Clock.systemUTC())) {
      ReplicaException e = catchThrowableOfType(ReplicaException.class, client::init);

      // An own certificate that is named itself is believed by the JDK whatever its dates say.
      boolean isBelieved = name.startsWith("ip") && beginsInDays != 0;
      if (!isBelieved) {
        assertThat(e).hasMessageContaining(problem).hasMessageContaining(advice);
        assertThat(e.isPermanent()).isTrue();
      }
    }
    try (StubServer stub =
        new StubServer((request, body) -> "", certificate.serverSockets(), "https")) {
      boolean isAboutDates = beginsInDays != 0;
      ReplicaException e = failureOfInit(settings(stub));
      assertThat(e).hasMessageContaining(isAboutDates ? problem : "AWS_CA_BUNDLE");
    }
  }

  @Test
  void aServerThatSpeaksTlsIsToldApart(@TempDir Path folder) {
    TestCertificate certificate = new TestCertificate(folder, "ip:127.0.0.1");
    try (StubServer stub =
        new StubServer((request, body) -> "", certificate.serverSockets(), "http")) {
      assertThat(failureOfInit(settings(stub)))
          .hasMessageContaining("it speaks TLS; its URL is https:// rather than http://");
    }
    String page = "Client sent an HTTP request to an HTTPS server.\n";
    try (StubServer stub = new StubServer((request, body) -> answer(400, page))) {
      assertThat(failureOfInit(settings(stub)))
          .hasMessageContaining("the endpoint speaks TLS; write https:// rather than http://");
    }
  }

  @Test
  void aProxyThatIsDownIsNamedRatherThanTheStore() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0)) {
      freePort = socket.getLocalPort();
    }
    S3Settings settings = S3Bucket.embedded(s3).endpoint("http://store.invalid:9000").build();
    Map<String, String> environment = Map.of("http_proxy", "http://u:secret@127.0.0.1:" + freePort);
    try (S3ReplicaClient client = new S3ReplicaClient(settings, environment, Clock.systemUTC())) {
      assertThatThrownBy(client::init)
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
          .hasMessageContaining(
              ": the proxy http://127.0.0.1:" + freePort + " (HTTP_PROXY) cannot be reached")
          .hasMessageNotContaining("store.invalid")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void temporaryKeysWithoutTheirTokenAreRecognised() {
    s3.faults().always(S3Operation.LIST_OBJECTS, Fault.error(403, "InvalidAccessKeyId"));

    assertThat(failureOfInit(S3Bucket.embedded(s3).keys("ASIAEXAMPLE", SECRET)))
        .hasMessageContaining("temporary keys: those need their session token")
        .hasMessageContaining("AWS_SESSION_TOKEN");
    assertThat(failureOfInit(S3Bucket.embedded(s3).keys("AKIAEXAMPLE", SECRET)))
        .hasMessageNotContaining("temporary");
  }

  @Test
  void aTokenOfTheEnvironmentIsToldWhereItStandsAndThatARestartIsNeeded() {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", SECRET, "AWS_SESSION_TOKEN", "tkn");
    S3Settings settings = S3Bucket.embedded(s3).keys(null, null).build();
    for (String code : new String[] {"ExpiredToken", "InvalidToken", "InvalidTokenId"}) {
      s3.faults().clear();
      s3.faults().always(S3Operation.LIST_OBJECTS, Fault.error(400, code));
      try (S3ReplicaClient client = new S3ReplicaClient(settings, environment, Clock.systemUTC())) {
        assertThatThrownBy(client::init)
            .hasMessageContaining("the session token ")
            .hasMessageContaining("(AWS_SESSION_TOKEN)")
            .hasMessageContaining("expired")
            .hasMessageNotContaining("tkn");
      }
    }
  }

  @Test
  void tlsToAPlainServerIsToldApart() throws Exception {
    try (ServerSocket plain = new ServerSocket(0)) {
      Thread server =
          new Thread(
              () -> {
                try (Socket socket = plain.accept()) {
                  socket.getInputStream().read();
                  socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  return;
                }
              });
      server.start();
      ReplicaException e =
          failureOfInit(
              S3Bucket.embedded(s3).endpoint("https://127.0.0.1:" + plain.getLocalPort()));
      server.join();

      assertThat(e).hasMessageContaining("http:// rather than https://");
      assertThat(e.isPermanent()).isTrue();
    }
  }

  @Test
  void aCutDownloadNamesTheObject() throws IOException {
    try (S3ReplicaClient client = new S3ReplicaClient(S3Bucket.embedded(s3).build())) {
      client.write(FILE, new BytesSource(new byte[] {1, 2, 3}), Sha256.hexOf(new byte[] {1, 2, 3}));
      s3.faults().next(S3Operation.GET_OBJECT, Fault.cutBodyAfter(2));

      assertThatThrownBy(() -> client.open(FILE, 0, Long.MAX_VALUE).readAllBytes())
          .isInstanceOf(ReplicaException.class)
          .hasMessageContaining(FILE.fileName())
          .hasMessageContaining("after 2 of 3 bytes");
    }
  }

  @Test
  void aProxyOfTheEnvironmentThatIsNotUsableIsReported() {
    S3Settings settings = S3Bucket.embedded(s3).endpoint("http://store.invalid").build();
    Map<String, String> environment = Map.of("HTTP_PROXY", "socks5://user:secret@proxy:1");
    try (S3ReplicaClient client = new S3ReplicaClient(settings, environment, Clock.systemUTC())) {
      assertThatThrownBy(client::init)
          .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isPermanent()).isTrue())
          .hasMessageContaining("a proxy is http://")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aClosedClientSaysSo() {
    S3ReplicaClient client = new S3ReplicaClient(S3Bucket.embedded(s3).build());
    client.close();

    assertThatThrownBy(client::init).hasMessageContaining("has been closed");
  }

  private static S3Settings.Builder settings(StubServer stub) {
    return S3Bucket.embedded(s3).endpoint(stub.endpoint().toString()).keys("id", SECRET);
  }

  private static ReplicaException failureOfInit(S3Settings.Builder settings) {
    try (S3ReplicaClient client =
        new S3ReplicaClient(settings.build(), Map.of(), Clock.systemUTC())) {
      return catchThrowableOfType(ReplicaException.class, client::init);
    }
  }
}
