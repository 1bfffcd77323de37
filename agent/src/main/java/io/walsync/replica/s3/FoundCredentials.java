package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpClient;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Keys found where the AWS tools look: environment, web identity, profile, container, instance. Not
 * in the system properties, which belong to the application.
 *
 * <p>The SDK's providers do the work but for web identity, which in the SDK takes the whole client
 * of another service.
 */
final class FoundCredentials implements CredentialSource {

  private final AwsCredentialsProviderChain chain;

  private FoundCredentials(AwsCredentialsProviderChain chain) {
    this.chain = chain;
  }

  static CredentialSource create(
      Map<String, String> environment, String region, HttpClient http, Clock clock) {
    boolean hasKeys = environment.containsKey("AWS_ACCESS_KEY_ID");
    if (!hasKeys && WebIdentityCredentials.isConfigured(environment)) {
      return new WebIdentityCredentials(environment, region, http, clock);
    }
    AwsCredentialsProvider[] providers = {
      EnvironmentVariableCredentialsProvider.create(),
      ProfileCredentialsProvider.create(),
      ContainerCredentialsProvider.create(),
      InstanceProfileCredentialsProvider.create()
    };
    return new FoundCredentials(
        AwsCredentialsProviderChain.builder()
            .credentialsProviders(providers)
            .reuseLastProviderEnabled(true)
            .build());
  }

  @Override
  public AwsCredentialsIdentity get() throws IOException {
    try {
      return chain.resolveCredentials();
    } catch (RuntimeException e) {
      throw new ReplicaException(
          "no AWS credentials: none are configured, and none were found in the environment, the"
              + " shared profile, the container or the instance: "
              + e.getMessage(),
          e,
          false);
    }
  }

  @Override
  public boolean isRefreshed() {
    return true;
  }

  @Override
  public void close() {
    chain.close();
  }
}
