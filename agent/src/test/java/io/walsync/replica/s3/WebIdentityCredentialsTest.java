package io.walsync.replica.s3;

import static io.walsync.teststore.StubServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.replica.http.HttpClient;
import io.walsync.replica.http.ProxySettings;
import io.walsync.replica.http.TlsTrust;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class WebIdentityCredentialsTest {

  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir Path folder;

  private final SetClock clock = new SetClock();
  private final List<String> forms = new ArrayList<>();
  private String answer;
  private StubServer sts;
  private HttpClient http;
  private WebIdentityCredentials credentials;

  @BeforeEach
  void start() throws IOException {
    sts =
        new StubServer(
            (request, body) -> {
              forms.add(new String(body, StandardCharsets.US_ASCII));
              return answer;
            });
    http = new HttpClient(5_000, 5_000, TlsTrust.jvm(), ProxySettings.none());
    Path token = Files.writeString(folder.resolve("token"), "token one\n");
    Map<String, String> environment =
        Map.of(
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            token.toString(),
            "AWS_ROLE_ARN",
            "arn:aws:iam::1:role/a b",
            "AWS_ROLE_SESSION_NAME",
            "session",
            "AWS_ENDPOINT_URL_STS",
            sts.endpoint().toString());
    assertThat(WebIdentityCredentials.isConfigured(environment)).isTrue();
    credentials = new WebIdentityCredentials(environment, "eu-west-3", http, clock);
  }

  @AfterEach
  void stop() {
    http.close();
    sts.close();
  }

  @Test
  void theTokenIsExchangedForKeysThatSignUntilShortlyBeforeTheyExpire() throws IOException {
    answer = keys("one", START.plusSeconds(3_600));

    AwsCredentialsIdentity first = credentials.get();
    assertThat(first.accessKeyId()).isEqualTo("id-one");
    assertThat(first.secretAccessKey()).isEqualTo("secret-one");
    assertThat(((AwsSessionCredentialsIdentity) first).sessionToken()).isEqualTo("session-one");
    assertThat(forms)
        .containsExactly(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&RoleSessionName=session"
                + "&WebIdentityToken=token%20one");

    clock.now = START.plusSeconds(2_999);
    assertThat(credentials.get()).isSameAs(first);
    Files.writeString(folder.resolve("token"), "token two");
    answer = keys("two", START.plusSeconds(7_200));
    clock.now = START.plusSeconds(3_001);
    assertThat(credentials.get().accessKeyId()).isEqualTo("id-two");
    assertThat(forms.get(1)).endsWith("WebIdentityToken=token%20two");
  }

  @Test
  void oldKeysServeWhileTheTokenServiceIsDownAndAreNotRetriedAtEachRequest() throws IOException {
    answer = keys("one", START.plusSeconds(3_600));
    AwsCredentialsIdentity first = credentials.get();
    answer = answer(503, "");

    clock.now = START.plusSeconds(3_100);
    assertThat(credentials.get()).isSameAs(first);
    assertThat(credentials.get()).isSameAs(first);
    assertThat(forms).hasSize(2);

    clock.now = START.plusSeconds(3_601);
    assertThatThrownBy(credentials::get).hasMessageContaining("was not exchanged");
  }

  @Test
  void aRefusalIsReportedWithoutTheToken() {
    answer =
        answer(
            400,
            "<ErrorResponse><Error><Code>ExpiredTokenException</Code>"
                + "<Message>Token expired</Message></Error></ErrorResponse>");

    assertThatThrownBy(credentials::get)
        .hasMessageContaining("ExpiredTokenException: Token expired")
        .hasMessageNotContaining("token one");
  }

  @Test
  void anAnswerWithoutKeysOrExpiryIsRefused() {
    for (String broken :
        List.of(
            "<AssumeRoleWithWebIdentityResponse/>", "<html>", keysDocument("one", "tomorrow"))) {
      answer = answer(200, broken);
      assertThatThrownBy(credentials::get).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theServiceOfTheRegionIsAsked() {
    Map<String, String> environment =
        Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/file", "AWS_ROLE_ARN", "role");
    WebIdentityCredentials others =
        new WebIdentityCredentials(environment, "cn-north-1", http, clock);

    assertThatThrownBy(others::get)
        .hasMessageContaining("https://sts.cn-north-1.amazonaws.com.cn")
        .hasMessageContaining("/no/such/file");
  }

  private static String keys(String name, Instant expires) {
    return answer(200, keysDocument(name, expires.toString()));
  }

  private static String keysDocument(String name, String expires) {
    return "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
        + ("<AccessKeyId>id-" + name + "</AccessKeyId>")
        + ("<SecretAccessKey>secret-" + name + "</SecretAccessKey>")
        + ("<SessionToken>session-" + name + "</SessionToken>")
        + ("<Expiration>" + expires + "</Expiration>")
        + "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
  }

  private static final class SetClock extends Clock {
    private volatile Instant now = START;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
