package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpClient;
import io.walsync.replica.http.ProxySettings;
import io.walsync.replica.http.TlsTrust;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The SDK's settings can be set by system properties as well, which is what a test can do. */
class FoundCredentialsTest {

  @TempDir Path folder;

  private final Map<String, String> before = new HashMap<>();
  private HttpClient http;

  @BeforeEach
  void isolate() {
    set("aws.sharedCredentialsFile", folder.resolve("credentials").toString());
    set("aws.configFile", folder.resolve("config").toString());
    set("aws.disableEc2Metadata", "true");
    http = new HttpClient(1_000, 1_000, TlsTrust.jvm(), ProxySettings.none());
  }

  @AfterEach
  void restore() {
    http.close();
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  @Test
  void theSharedProfileIsRead() throws IOException {
    Files.writeString(
        folder.resolve("credentials"),
        "[default]\naws_access_key_id = profile-id\naws_secret_access_key = profile-secret\n");
    try (CredentialSource found =
        FoundCredentials.create(Map.of(), "us-east-1", http, Clock.systemUTC())) {
      assertThat(found.get().accessKeyId()).isEqualTo("profile-id");
      assertThat(found.isRefreshed()).isTrue();
    }
  }

  @Test
  void theApplicationsSystemPropertiesAreNotUsed() {
    set("aws.accessKeyId", "application-id");
    set("aws.secretAccessKey", "application-secret");
    try (CredentialSource found =
        FoundCredentials.create(Map.of(), "us-east-1", http, Clock.systemUTC())) {
      assertThatThrownBy(found::get)
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse())
          .hasMessageStartingWith("no AWS credentials: none are configured, and none were found");
    }
  }

  @Test
  void aWebIdentityIsPreferredToEverythingButKeysInTheEnvironment() throws IOException {
    Map<String, String> pod =
        Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/token", "AWS_ROLE_ARN", "role");
    Map<String, String> podWithKeys = new HashMap<>(pod);
    podWithKeys.put("AWS_ACCESS_KEY_ID", "id");

    assertThat(FoundCredentials.create(pod, "us-east-1", http, Clock.systemUTC()))
        .isInstanceOf(WebIdentityCredentials.class);
    podWithKeys.put("AWS_SECRET_ACCESS_KEY", "secret");
    podWithKeys.put("AWS_SESSION_TOKEN", "token");
    CredentialSource keys =
        FoundCredentials.create(podWithKeys, "us-east-1", http, Clock.systemUTC());
    assertThat(keys.get().accessKeyId()).isEqualTo("id");
    assertThat(keys.get()).isInstanceOf(AwsSessionCredentialsIdentity.class);
    assertThat(keys.isRefreshed()).isFalse();
  }

  @Test
  void aMetadataServiceThatHangsIsGivenUpSoonAndNamed() throws IOException {
    System.clearProperty("aws.disableEc2Metadata");
    try (ServerSocket silent = new ServerSocket(0)) {
      set("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + silent.getLocalPort());
      try (CredentialSource found =
          FoundCredentials.create(Map.of(), "us-east-1", http, Clock.systemUTC())) {
        assertThatThrownBy(found::get)
            .hasMessageContaining("instance: no answer within 2000 ms")
            .hasMessageContaining("environment: AWS_ACCESS_KEY_ID is not set");
      }
    }
  }

  @Test
  void whatIsHalfConfiguredIsSaid() {
    try (CredentialSource found =
        FoundCredentials.create(
            Map.of("AWS_ACCESS_KEY_ID", "id"), "us-east-1", http, Clock.systemUTC())) {
      assertThatThrownBy(found::get)
          .hasMessageContaining("only one is set")
          .hasMessageContaining("instance: ");
    }
  }

  @Test
  void thePlaceOfTheTokenIsKnownOnceThereAreKeys() throws IOException {
    Path file = folder.resolve("credentials");
    Files.writeString(
        file, "[default]\naws_access_key_id = first\naws_secret_access_key = secret\n");
    try (CredentialSource found =
        FoundCredentials.create(Map.of(), "us-east-1", http, Clock.systemUTC())) {
      assertThat(found.get().accessKeyId()).isEqualTo("first");
      assertThat(found.tokenPlace()).isEqualTo(" (shared profile)");
    }
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, System.getProperty(name));
    System.setProperty(name, value);
  }
}
