package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class S3SettingsTest {

  @Test
  void aPathIsTakenAsItIs() {
    for (String path : new String[] {"a/b", "/a/b/", "a//b", "", ".", "a b/ü"}) {
      assertThat(settings().path(path).build().path()).isEqualTo(path);
    }
  }

  @Test
  void aPathWithAControlCharacterIsRefused() {
    assertThatThrownBy(() -> settings().path("a\nb").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path");
  }

  @Test
  void whatIsMissingOrOutOfRangeIsNamed() {
    refused(settings().bucket(null), "bucket");
    refused(settings().region(""), "region");
    refused(settings().keys("id", null), "secret-access-key");
    refused(settings().keys(null, "secret"), "access-key-id");
    refused(settings().sessionToken("token"), "session-token");
    refused(settings().partSizeBytes(S3Settings.MIN_PART_SIZE_BYTES - 1), "part-size");
    refused(settings().partSizeBytes(S3Settings.MAX_PART_SIZE_BYTES + 1), "part-size");
    refused(settings().partConcurrency(0), "concurrency");
    refused(settings().partConcurrency(17), "concurrency");
    refused(settings().connectTimeoutMillis(0), "timeout");
  }

  @Test
  void anEndpointWithoutSchemeIsReachedByTls() {
    assertThat(settings().endpoint("minio:9000").build().endpoint())
        .hasToString("https://minio:9000");
  }

  @Test
  void anEndpointThatHoldsAPasswordIsRefusedWithoutShowingIt() {
    for (String endpoint : new String[] {"https://user:secret@host", "https://secret host"}) {
      assertThatThrownBy(() -> settings().endpoint(endpoint))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void theTextFormShowsWhereAndNoSecret() {
    S3Settings settings = settings().keys("the-id", "the-secret").sessionToken("the-token").build();

    assertThat(settings.toString())
        .isEqualTo("s3://bucket/path at AWS, region us-east-1")
        .doesNotContain("the-");
  }

  @Test
  void aBuilderMadeFromSettingsLeavesThemAlone() {
    S3Settings settings = settings().keys("id", "secret").partConcurrency(3).build();

    S3Settings other = settings.toBuilder().path("other").region("eu-west-1").build();

    assertThat(settings.path()).isEqualTo("path");
    assertThat(settings.region()).isEqualTo("us-east-1");
    assertThat(other.path()).isEqualTo("other");
    assertThat(other.partConcurrency()).isEqualTo(3);
    assertThat(other.accessKeyId()).isEqualTo("id");
  }

  private static void refused(S3Settings.Builder builder, String name) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  private static S3Settings.Builder settings() {
    return S3Settings.builder().bucket("bucket").path("path");
  }
}
