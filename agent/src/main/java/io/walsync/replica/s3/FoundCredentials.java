package io.walsync.replica.s3;

import io.walsync.replica.NoKeysException;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpClient;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.profiles.ProfileFileSupplier;

/**
 * Keys found where the AWS tools look: environment, web identity, profile, container, instance. Not
 * in the system properties, which belong to the application. Each place has so much time and no
 * more; all of them together take no upload hostage.
 *
 * <p>The SDK's providers do the work but for web identity, which in the SDK takes the whole client
 * of another service, and for the environment, which is two lines.
 *
 * <p>Threading: any number of threads; one of them searches, the others wait for it.
 */
final class FoundCredentials implements CredentialSource {

  /** A {@code credential_process} starts a program, which may ask a service. */
  private static final long PROFILE_LIMIT_MILLIS = 10_000;

  /** Both services are on this machine, or not there at all. */
  private static final long CONTAINER_LIMIT_MILLIS = 2_000;

  private static final long INSTANCE_LIMIT_MILLIS = 2_000;

  /** The SDK renews keys minutes before they expire; asking it at each request costs a thread. */
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Requests that wait in line for a search that failed do not each search again. */
  private static final long SEARCH_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final String environmentProblem;
  private final List<CredentialPlace> places = new ArrayList<>();

  /** Where the keys are; null before they were found. */
  private @Nullable CredentialPlace found;

  /** Null if there are none that hold. */
  private @Nullable AwsCredentialsIdentity keys;

  /** Of the last search; null if it found keys, and before it. */
  private @Nullable ReplicaException failure;

  private long askedNanos;

  private FoundCredentials(Map<String, String> environment, Clock clock) {
    this.clock = clock;
    this.environmentProblem = environmentProblem(environment);
    places.add(
        new CredentialPlace(
            "shared profile",
            PROFILE_LIMIT_MILLIS,
            () ->
                ProfileCredentialsProvider.builder()
                    .profileFile(ProfileFileSupplier.defaultSupplier()) // reads changed files again
                    .build()));
    boolean isContainer =
        isSet(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            || isSet(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (isContainer) {
      places.add(
          new CredentialPlace(
              "container", CONTAINER_LIMIT_MILLIS, ContainerCredentialsProvider::create));
    }
    places.add(
        new CredentialPlace(
            "instance", INSTANCE_LIMIT_MILLIS, InstanceProfileCredentialsProvider::create));
  }

  static CredentialSource create(
      Map<String, String> environment, String region, HttpClient http, Clock clock) {
    String id = given(environment, "AWS_ACCESS_KEY_ID");
    String secret = given(environment, "AWS_SECRET_ACCESS_KEY");
    if (id != null && secret != null) {
      return CredentialSource.fixed(
          id, secret, given(environment, "AWS_SESSION_TOKEN"), " (AWS_SESSION_TOKEN)");
    }
    return WebIdentityCredentials.isConfigured(environment)
        ? new WebIdentityCredentials(environment, region, http, clock)
        : new FoundCredentials(environment, clock);
  }

  private static String environmentProblem(Map<String, String> environment) {
    boolean isHalf =
        isSet(environment, "AWS_ACCESS_KEY_ID") != isSet(environment, "AWS_SECRET_ACCESS_KEY");
    return isHalf
        ? "environment: of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set"
        : "environment: AWS_ACCESS_KEY_ID is not set";
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return given(environment, name) != null;
  }

  /** Null if it is not set or blank. */
  private static @Nullable String given(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.trim().isEmpty() ? null : value.trim();
  }

  @Override
  public synchronized AwsCredentialsIdentity get() throws IOException {
    long sinceNanos = System.nanoTime() - askedNanos;
    AwsCredentialsIdentity known = keys;
    if (known != null && sinceNanos < ASK_AGAIN_NANOS) {
      return known;
    }
    if (failure != null && sinceNanos < SEARCH_AGAIN_NANOS) {
      throw failure;
    }
    try {
      AwsCredentialsIdentity there = search();
      keys = there;
      failure = null;
      return there;
    } catch (ReplicaException e) {
      failure = e;
      if (known == null || hasExpired(known)) {
        keys = null;
        throw e;
      }
      return known;
    } finally {
      askedNanos = System.nanoTime();
    }
  }

  private boolean hasExpired(AwsCredentialsIdentity known) {
    return known.expirationTime().isPresent()
        && known.expirationTime().get().isBefore(clock.instant());
  }

  private AwsCredentialsIdentity search() throws ReplicaException {
    StringBuilder reasons = new StringBuilder(environmentProblem);
    for (CredentialPlace place : places) {
      boolean isAsked = found == null || found == place;
      try {
        if (isAsked) {
          AwsCredentialsIdentity there = place.get();
          found = place;
          return there;
        }
      } catch (IOException e) {
        reasons.append("; ").append(e.getMessage());
      }
    }
    throw new NoKeysException(
        "no AWS credentials: none are configured, and none were found (" + reasons + ")");
  }

  @Override
  public boolean isRefreshed() {
    return true;
  }

  @Override
  public synchronized String tokenPlace() {
    return found == null ? "" : " (" + found.name() + ")";
  }

  @Override
  public void close() {
    places.forEach(CredentialPlace::close);
  }
}
