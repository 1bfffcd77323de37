package io.walsync.replica.s3;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** One of the places in which keys may be found, and how long its search may take. */
final class CredentialPlace {

  private static final int LONGEST_REASON = 200;

  private final String name;
  private final Supplier<AwsCredentialsProvider> opener;
  private final BoundedLookup lookup;

  /** Null before the first search. */
  private volatile @Nullable AwsCredentialsProvider provider;

  /**
   * @param name what messages call it
   * @param opener makes the SDK's provider, which may read files; called on the search's thread
   */
  CredentialPlace(String name, long limitMillis, Supplier<AwsCredentialsProvider> opener) {
    this.name = name;
    this.opener = opener;
    this.lookup = new BoundedLookup(this::look, limitMillis);
  }

  String name() {
    return name;
  }

  private AwsCredentialsIdentity look() {
    AwsCredentialsProvider opened = provider;
    if (opened == null) {
      opened = opener.get();
      provider = opened;
    }
    return opened.resolveCredentials();
  }

  /**
   * @throws IOException that says why there are none, in one line
   */
  AwsCredentialsIdentity get() throws IOException {
    try {
      return lookup.get();
    } catch (IOException e) {
      String reason =
          String.valueOf(e.getMessage()).replace('\n', ' ').replaceFirst(": ProfileFile\\(.*", "");
      boolean isLong = reason.length() > LONGEST_REASON;
      String shown = isLong ? reason.substring(0, LONGEST_REASON) + "…" : reason;
      throw new IOException(name + ": " + shown, e);
    }
  }

  void close() {
    lookup.close();
    AwsCredentialsProvider opened = provider;
    if (opened instanceof SdkAutoCloseable) {
      ((SdkAutoCloseable) opened).close();
    }
  }
}
