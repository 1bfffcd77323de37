package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpClient;
import io.walsync.replica.http.TlsTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    http = new HttpClient(1_000, 1_000, TlsTrust.jvm(), null);
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
  void aWebIdentityIsPreferredToEverythingButKeysInTheEnvironment() {
    Map<String, String> pod =
        Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/token", "AWS_ROLE_ARN", "role");
    Map<String, String> podWithKeys = new HashMap<>(pod);
    podWithKeys.put("AWS_ACCESS_KEY_ID", "id");

    assertThat(FoundCredentials.create(pod, "us-east-1", http, Clock.systemUTC()))
        .isInstanceOf(WebIdentityCredentials.class);
    assertThat(FoundCredentials.create(podWithKeys, "us-east-1", http, Clock.systemUTC()))
        .isInstanceOf(FoundCredentials.class);
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, System.getProperty(name));
    System.setProperty(name, value);
  }
}
