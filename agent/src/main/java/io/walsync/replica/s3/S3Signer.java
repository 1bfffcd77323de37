package io.walsync.replica.s3;

import io.walsync.replica.http.HttpBody;
import io.walsync.replica.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests with the SDK's V4 signer, the payload's SHA-256 included and in one piece: several
 * stores refuse unsigned or chunked payloads.
 */
final class S3Signer {

  private static final String CONTENT_SHA256 = "x-amz-content-sha256";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final Clock clock;

  S3Signer(Clock clock) {
    this.clock = clock;
  }

  /**
   * The headers to send. Reads the body once, which shows a file that changed on disk before any
   * byte of it leaves.
   *
   * @throws IOException if the body cannot be read, or is not the one its SHA-256 was taken of
   */
  HttpHeaders sign(
      S3Call call, S3Address address, AwsCredentialsIdentity credentials, String region)
      throws IOException {
    SignedRequest signed;
    try {
      signed = signer.sign(request(call, address, credentials, region));
    } catch (RuntimeException e) {
      throw unwrapped(e);
    }
    HttpHeaders headers = new HttpHeaders();
    signed
        .request()
        .forEachHeader(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Host")) {
                headers.add(name, values.get(0));
              }
            });
    boolean isChanged =
        call.bodySha256() != null && !call.bodySha256().equals(headers.get(CONTENT_SHA256));
    if (isChanged) {
      throw new IOException("the content read is not the one its SHA-256 was taken of");
    }
    headers.addAll(call.unsignedHeaders());
    return headers;
  }

  private SignRequest<AwsCredentialsIdentity> request(
      S3Call call, S3Address address, AwsCredentialsIdentity credentials, String region) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(call.method()))
            .protocol(address.origin().isTls() ? "https" : "http")
            .host(address.origin().host())
            .port(address.origin().port())
            .encodedPath(address.path(call.key()));
    for (int i = 0; i < call.query().size(); i += 2) {
      request.putRawQueryParameter(call.query().get(i), call.query().get(i + 1));
    }
    HttpHeaders headers = call.signedHeaders();
    for (int i = 0; i < headers.size(); i++) {
      request.putHeader(headers.name(i), headers.value(i));
    }
    return SignRequest.builder(credentials)
        .request(request.build())
        .payload(call.body() == null ? null : payload(call.body()))
        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
        .putProperty(HttpSigner.SIGNING_CLOCK, clock)
        .build();
  }

  private static ContentStreamProvider payload(HttpBody body) {
    return () -> {
      try {
        return body.open();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static IOException unwrapped(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return (IOException) cause;
      }
    }
    throw failure;
  }
}
