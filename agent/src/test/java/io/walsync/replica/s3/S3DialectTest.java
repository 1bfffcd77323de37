package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3DialectTest {

  @ParameterizedTest
  @CsvSource({
    ", If-None-Match, *",
    "https://s3.example.com, If-None-Match, *",
    "https://aliyuncs.com.example.com, If-None-Match, *",
    "https://oss-eu-central-1.aliyuncs.com, x-oss-forbid-overwrite, true",
    "https://OSS-cn-hangzhou.aliyuncs.com:443, x-oss-forbid-overwrite, true",
    "https://cos.eu-frankfurt.myqcloud.com, x-cos-forbid-overwrite, true"
  })
  void theEndpointSaysHowAStoreIsToldToWriteOnlyWhatIsFree(
      String endpoint, String header, String value) {
    S3Settings settings = S3Settings.builder().bucket("b").path("p").endpoint(endpoint).build();
    S3Call call = new S3Call("write", "PUT", "key");

    S3Dialect.of(settings).addIfFree(call);

    assertThat(call.signedHeaders().get(header)).isEqualTo(value);
    assertThat(call.signedHeaders().size()).isEqualTo(1);
  }
}
