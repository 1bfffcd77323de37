package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpClient;
import io.walsync.replica.http.HttpHeaders;
import io.walsync.replica.http.HttpOrigin;
import io.walsync.replica.http.HttpRequest;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Keys for a web identity token, as Kubernetes gives one to a pod: exchanged at the token service
 * (STS {@code AssumeRoleWithWebIdentity}), which needs no signature. The token file is read again
 * for every exchange, since it is replaced about once an hour.
 */
final class WebIdentityCredentials implements CredentialSource {

  private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
  private static final String ROLE = "AWS_ROLE_ARN";
  private static final String SESSION_NAME = "AWS_ROLE_SESSION_NAME";
  private static final String ENDPOINT = "AWS_ENDPOINT_URL_STS";

  /** Early enough to survive an outage of the token service of a few minutes. */
  private static final long REFRESH_BEFORE_MILLIS = TimeUnit.MINUTES.toMillis(10);

  /** While old keys still hold, how soon to try again after a failed exchange. */
  private static final long RETRY_MILLIS = TimeUnit.SECONDS.toMillis(30);

  private static final int LONGEST_ANSWER_BYTES = 64 * 1024;

  private final Map<String, String> environment;
  private final HttpOrigin service;
  private final HttpClient http;
  private final Clock clock;

  /** Null before the first exchange. */
  private @Nullable AwsCredentialsIdentity keys;

  private long expiresMillis;
  private long nextExchangeMillis;

  WebIdentityCredentials(
      Map<String, String> environment, String region, HttpClient http, Clock clock) {
    this.environment = environment;
    this.http = http;
    this.clock = clock;
    String endpoint = environment.get(ENDPOINT);
    this.service =
        HttpOrigin.of(
            URI.create(
                endpoint != null
                    ? endpoint
                    : "https://sts." + region + "." + S3Address.domain(region)));
  }

  static boolean isConfigured(Map<String, String> environment) {
    return environment.containsKey(TOKEN_FILE) && environment.containsKey(ROLE);
  }

  @Override
  public synchronized AwsCredentialsIdentity get() throws IOException {
    long now = clock.millis();
    AwsCredentialsIdentity known = keys;
    if (known != null && now < nextExchangeMillis) {
      return known;
    }
    try {
      AwsCredentialsIdentity exchanged = exchange(now);
      keys = exchanged;
      return exchanged;
    } catch (IOException e) {
      if (known == null || now >= expiresMillis) {
        throw new ReplicaException(
            "no AWS credentials: the web identity token was not exchanged at "
                + service
                + ": "
                + e.getMessage(),
            e,
            false);
      }
      nextExchangeMillis = Math.min(expiresMillis, now + RETRY_MILLIS);
      return known;
    }
  }

  private AwsCredentialsIdentity exchange(long now) throws IOException {
    HttpHeaders headers =
        new HttpHeaders().add("Content-Type", "application/x-www-form-urlencoded");
    HttpRequest request = new HttpRequest("POST", "/", headers, new BytesBody(form()), true);
    try (HttpResponse response = http.send(service, request)) {
      XmlElement answer = XmlElement.parse(response.readBody(LONGEST_ANSWER_BYTES));
      if (response.status() != 200) {
        XmlElement error = answer.child("Error");
        throw new IOException(
            error == null
                ? "status " + response.status()
                : error.text("Code") + ": " + error.text("Message"));
      }
      XmlElement result = answer.child("AssumeRoleWithWebIdentityResult");
      return accepted(result == null ? null : result.child("Credentials"), now);
    }
  }

  private AwsCredentialsIdentity accepted(@Nullable XmlElement found, long now) throws IOException {
    AwsCredentialsIdentity accepted =
        AwsSessionCredentialsIdentity.create(
            text(found, "AccessKeyId"),
            text(found, "SecretAccessKey"),
            text(found, "SessionToken"));
    try {
      expiresMillis = Rfc3339.parse(text(found, "Expiration"));
    } catch (DateTimeException e) {
      throw new IOException("the answer holds no time of expiry", e);
    }
    long lifeMillis = Math.max(0, expiresMillis - now);
    nextExchangeMillis = expiresMillis - Math.min(REFRESH_BEFORE_MILLIS, lifeMillis / 2);
    return accepted;
  }

  private static String text(@Nullable XmlElement found, String name) throws IOException {
    String text = found == null ? null : found.text(name);
    if (text == null) {
      throw new IOException("the answer holds no credentials");
    }
    return text;
  }

  private byte[] form() throws IOException {
    String tokenFile = environment.get(TOKEN_FILE);
    String token =
        new String(Files.readAllBytes(Paths.get(tokenFile)), StandardCharsets.UTF_8).trim();
    String session = environment.get(SESSION_NAME);
    String form =
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn="
            + S3Keys.encodeQuery(environment.getOrDefault(ROLE, ""))
            + "&RoleSessionName="
            + S3Keys.encodeQuery(session == null ? "walsync-" + clock.millis() : session)
            + "&WebIdentityToken="
            + S3Keys.encodeQuery(token);
    return form.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public boolean isRefreshed() {
    return true;
  }

  @Override
  public String tokenPlace() {
    return " (web identity)";
  }

  @Override
  public void close() {}
}
