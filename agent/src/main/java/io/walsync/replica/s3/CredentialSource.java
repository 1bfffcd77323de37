package io.walsync.replica.s3;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
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

  /** Where the session token stands, in brackets after a space, for messages; or empty. */
  String tokenPlace();

  @Override
  void close();

  /**
   * Keys that never change.
   *
   * @param sessionToken of temporary keys, or null
   */
  static CredentialSource fixed(
      String accessKeyId,
      String secretAccessKey,
      @Nullable String sessionToken,
      String tokenPlace) {
    AwsCredentialsIdentity keys =
        sessionToken == null
            ? AwsCredentialsIdentity.create(accessKeyId, secretAccessKey)
            : AwsSessionCredentialsIdentity.create(accessKeyId, secretAccessKey, sessionToken);
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
      public String tokenPlace() {
        return tokenPlace;
      }

      @Override
      public void close() {}
    };
  }
}
