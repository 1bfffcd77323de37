package io.walsync.replica.s3;

import java.io.Closeable;
import java.io.IOException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Keys to sign with. Asked before every request; caches what it fetches. */
interface CredentialSource extends Closeable {

  /**
   * @throws IOException if there are no keys, or none could be fetched
   */
  AwsCredentialsIdentity get() throws IOException;

  /** Whether expired keys may be followed by others without a change of configuration. */
  boolean isRefreshed();

  @Override
  void close();

  /** The keys of the settings. */
  static CredentialSource fixed(S3Settings settings) {
    AwsCredentialsIdentity keys =
        settings.sessionToken() == null
            ? AwsCredentialsIdentity.create(settings.accessKeyId(), settings.secretAccessKey())
            : AwsSessionCredentialsIdentity.create(
                settings.accessKeyId(), settings.secretAccessKey(), settings.sessionToken());
    return new CredentialSource() {
      @Override
      public AwsCredentialsIdentity get() {
        return keys;
      }

      @Override
      public boolean isRefreshed() {
        return false;
      }

      @Override
      public void close() {}
    };
  }
}
