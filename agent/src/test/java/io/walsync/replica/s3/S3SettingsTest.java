package io.walsync.replica.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
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
    refused(settings().bucket(""), "bucket");
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

  @Test
  void everySettingTakesPartInEqualityAndInACopy() throws Exception {
    S3Settings base = full().build();
    assertThat(base).isEqualTo(full().build()).hasSameHashCodeAs(full().build());
    assertThat(base.toBuilder().build()).isEqualTo(base);
    for (Field setting : S3Settings.Builder.class.getDeclaredFields()) {
      if (Modifier.isStatic(setting.getModifiers()) || setting.isSynthetic()) {
        continue;
      }
      S3Settings.Builder changed = full();
      setting.setAccessible(true);
      setting.set(changed, other(setting, setting.get(changed)));
      S3Settings another = changed.build();
      assertThat(another).as(setting.getName()).isNotEqualTo(base);
      assertThat(another.toBuilder().build())
          .as("a copy's " + setting.getName())
          .isEqualTo(another);
      assertThat(another.withoutPath().equals(base.withoutPath()))
          .as("connections are shared whatever the " + setting.getName())
          .isEqualTo(setting.getName().equals("path"));
    }
  }

  /** Another value that is as valid. */
  private static Object other(Field setting, Object value) {
    if (value instanceof Boolean) {
      return !(Boolean) value;
    }
    if (value instanceof Integer) {
      return (Integer) value + 1;
    }
    if (value instanceof Long) {
      return (Long) value + 1;
    }
    if (value instanceof String) {
      return value + "x";
    }
    if (value instanceof URI) {
      return URI.create(value + "x");
    }
    if (value instanceof File) {
      return new File(value + "x");
    }
    assertThat(value).as(setting.getName()).isInstanceOf(S3Encryption.class);
    return S3Encryption.storeManaged();
  }

  private static S3Settings.Builder full() {
    return settings()
        .endpoint("https://h")
        .keys("id", "secret")
        .sessionToken("token")
        .caBundle(new File("/ca"))
        .storageClass("X")
        .proxy("http://proxy:1");
  }

  @Test
  void encryptionIsTheSameWithTheSameKeyOnly() {
    S3Encryption[] all = {
      S3Encryption.none(),
      S3Encryption.storeManaged(),
      S3Encryption.kms(null),
      S3Encryption.kms("a"),
      S3Encryption.kms("b"),
      S3Encryption.customerKey(new byte[32]),
      S3Encryption.customerKey("01234567890123456789012345678901".getBytes(US_ASCII)),
    };
    assertThat(all).doesNotHaveDuplicates();
    assertThat(S3Encryption.customerKey(new byte[32]))
        .isEqualTo(S3Encryption.customerKey(new byte[32]));
    assertThat(S3Encryption.kms("a")).isEqualTo(S3Encryption.kms("a"));
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
