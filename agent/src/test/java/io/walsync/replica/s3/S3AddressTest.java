package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3AddressTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, bucket, us-east-1, false, https://bucket.s3.us-east-1.amazonaws.com, /k",
        "-, bucket, eu-west-3, true, https://s3.eu-west-3.amazonaws.com, /bucket/k",
        "-, my.bucket, us-east-1, false, https://s3.us-east-1.amazonaws.com, /my.bucket/k",
        "-, bucket, cn-north-1, false, https://bucket.s3.cn-north-1.amazonaws.com.cn, /k",
        "-, bucket, eusc-de-east-1, false, https://bucket.s3.eusc-de-east-1.amazonaws.eu, /k",
        "http://minio:9000, bucket, us-east-1, true, http://minio:9000, /bucket/k",
        "https://nyc3.example.com, bucket, x, false, https://bucket.nyc3.example.com, /k",
        "https://db.example.com/storage/v1/s3, b, x, true, https://db.example.com,"
            + " /storage/v1/s3/b/k",
        "https://db.example.com/s3/, b, x, false, https://b.db.example.com, /s3/k",
      })
  void hostAndPathFollowFromTheSettings(
      String endpoint, String bucket, String region, boolean isPathStyle, String origin, String p) {
    S3Settings settings =
        S3Settings.builder()
            .bucket(bucket)
            .path("p")
            .region(region)
            .endpoint(endpoint)
            .forcePathStyle(isPathStyle)
            .build();

    S3Address address = S3Address.of(settings, region);

    assertThat(address.origin()).hasToString(origin);
    assertThat(address.path("k")).isEqualTo(p);
  }

  @Test
  void anAccessPointNamesItsOwnRegion() {
    S3Settings settings =
        S3Settings.builder()
            .bucket("arn:aws:s3:eu-west-1:123456789012:accesspoint/backups")
            .path("p")
            .build();

    assertThat(S3Address.firstRegion(settings)).isEqualTo("eu-west-1");
    assertThat(S3Address.of(settings, "eu-west-1").origin())
        .hasToString("https://backups-123456789012.s3-accesspoint.eu-west-1.amazonaws.com");
    assertThatThrownBy(
            () -> S3Address.of(settings.toBuilder().bucket("arn:aws:sqs:a:b:c").build(), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysAreEncodedOnceAndSlashesStay() {
    assertThat(S3Keys.encodePath("a b/ü+~*%.ltx")).isEqualTo("a%20b/%C3%BC%2B~%2A%25.ltx");
    assertThat(S3Keys.encodeQuery("a b/ü+")).isEqualTo("a%20b%2F%C3%BC%2B");
  }

  @Test
  void levelsHaveFourHexDigits() {
    assertThat(S3Keys.of("a/b").prefix(0)).isEqualTo("a/b/0000/");
    assertThat(S3Keys.of("a/b").prefix(9)).isEqualTo("a/b/0009/");
  }
}
