package io.walsync.replica.s3;

import io.walsync.io.AgentThread;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpClient;
import io.walsync.replica.http.HttpHeaders;
import io.walsync.replica.http.HttpProxy;
import io.walsync.replica.http.HttpRequest;
import io.walsync.replica.http.HttpResponse;
import io.walsync.replica.http.ProxySettings;
import io.walsync.replica.http.TlsTrust;
import java.io.File;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to one bucket: finds keys, signs, sends, and turns every answer that is not a success
 * into an exception. Shared by the replicas of a bucket.
 *
 * <p>Threading: any number of threads.
 */
final class S3Connection {

  /** For HEAD requests and parts; they wait for the network, not for a processor. */
  static final int THREAD_COUNT = 16;

  private static final long THREAD_IDLE_SECONDS = 10;

  /** A page of 1,000 keys has about 0.5 MiB; keys may be long. */
  private static final int LONGEST_DOCUMENT_BYTES = 8 * 1024 * 1024;

  /** Until there are keys nothing is uploaded; a token service that hangs is said soon. */
  private static final int TOKEN_CONNECT_TIMEOUT_MILLIS = 2_000;

  private static final int TOKEN_READ_TIMEOUT_MILLIS = 5_000;

  private static final String USER_AGENT = "walsync";

  private final S3Settings settings;
  private final HttpClient http;
  private final HttpClient tokenService;
  private final CredentialSource credentials;
  private final S3Signer signer;
  private final S3Failure failure;
  private final ThreadPoolExecutor threads;

  private volatile String region;
  private volatile S3Address address;

  /** Null before the first answer, and if the last one had none. */
  private volatile @Nullable String newestDate;

  private int userCount = 1;

  S3Connection(S3Settings settings, Map<String, String> environment, Clock clock) {
    this.settings = settings;
    this.region = S3Address.firstRegion(settings);
    this.address = S3Address.of(settings, region);
    TlsTrust trust = trust(settings, environment);
    ProxySettings proxies =
        settings.proxy() == null
            ? ProxySettings.of(environment, System::getProperty)
            : ProxySettings.always(HttpProxy.of(settings.proxy()));
    proxies.forOrigin(address.origin()); // one that cannot be used is said now
    this.http =
        new HttpClient(
            settings.connectTimeoutMillis(), settings.readTimeoutMillis(), trust, proxies);
    this.tokenService =
        new HttpClient(TOKEN_CONNECT_TIMEOUT_MILLIS, TOKEN_READ_TIMEOUT_MILLIS, trust, proxies);
    String id = settings.accessKeyId();
    String secret = settings.secretAccessKey();
    this.credentials =
        id != null && secret != null
            ? CredentialSource.fixed(id, secret, settings.sessionToken(), "")
            : FoundCredentials.create(environment, region, tokenService, clock);
    this.signer = new S3Signer(clock);
    this.failure = new S3Failure(settings, clock, credentials);
    this.threads =
        new ThreadPoolExecutor(
            THREAD_COUNT,
            THREAD_COUNT,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            AgentThread.factory("s3"));
    threads.allowCoreThreadTimeOut(true);
  }

  private static TlsTrust trust(S3Settings settings, Map<String, String> environment) {
    if (settings.skipVerify()) {
      return TlsTrust.everybody();
    }
    if (settings.caBundle() != null) {
      return TlsTrust.bundle(settings.caBundle());
    }
    String bundle = environment.get("AWS_CA_BUNDLE");
    return bundle == null || bundle.isEmpty() ? TlsTrust.jvm() : TlsTrust.bundle(new File(bundle));
  }

  /**
   * For work that waits for the network; its tasks must not wait for one another. After {@link
   * #close} tasks are refused or cancelled.
   */
  ExecutorService threads() {
    return threads;
  }

  /**
   * The answer to a call, which the caller reads to its end or closes.
   *
   * @throws ReplicaException for every answer but 2xx, and if none came
   */
  HttpResponse send(S3Call call) throws IOException {
    String askedRegion = region;
    HttpResponse response = exchange(call);
    if (isSuccess(response)) {
      return response;
    }
    S3ReplicaException error = failure.of(call, askedRegion, response);
    if (!followsRegion(error, askedRegion)) {
      throw error;
    }
    HttpResponse second = exchange(call);
    if (isSuccess(second)) {
      return second;
    }
    throw failure.of(call, region, second);
  }

  /**
   * The XML document a call answers with.
   *
   * @throws ReplicaException as {@link #send}; also if the answer is an error in spite of its
   *     status, or not the document expected
   */
  XmlElement document(S3Call call, String rootName) throws IOException {
    try (HttpResponse response = send(call)) {
      byte[] body = read(call, response, LONGEST_DOCUMENT_BYTES);
      XmlElement root;
      try {
        root = XmlElement.parse(body);
      } catch (IOException e) {
        throw failure.of(call, region, response, body);
      }
      if (!root.name().equals(rootName)) {
        throw failure.of(call, region, response, body);
      }
      return root;
    }
  }

  /**
   * The body of an answer.
   *
   * @throws ReplicaException that names the object, if the answer breaks off or is longer than
   *     {@code limitBytes}
   */
  byte[] read(S3Call call, HttpResponse response, int limitBytes) throws IOException {
    try {
      return response.readBody(limitBytes);
    } catch (IOException e) {
      throw networkFailure(call, e);
    }
  }

  IOException networkFailure(S3Call call, IOException cause) {
    return NetworkFailure.of(failure.headline(call), address.origin(), cause);
  }

  private HttpResponse exchange(S3Call call) throws IOException {
    S3Address to = address;
    HttpHeaders headers;
    try {
      headers = signer.sign(call, to, credentials.get(), region).add("User-Agent", USER_AGENT);
    } catch (IOException e) {
      throw new ReplicaException(failure.headline(call) + ": " + e.getMessage(), e, false);
    }
    HttpRequest request =
        new HttpRequest(
            call.method(),
            to.path(call.key()) + call.encodedQuery(),
            headers,
            call.body(),
            call.isRepeatable());
    HttpResponse response;
    try {
      response = http.send(to.origin(), request);
    } catch (IOException e) {
      throw NetworkFailure.of(failure.headline(call), to.origin(), e);
    }
    newestDate = response.header("Date");
    return response;
  }

  /** The store's time in the newest answer, of whichever replica; see {@link ReplicaClient}. */
  long storeMillis() {
    return HttpDate.parse(newestDate);
  }

  private static boolean isSuccess(HttpResponse response) {
    return response.status() >= 200 && response.status() < 300;
  }

  /** Whether to ask again in the region the store has named. */
  private synchronized boolean followsRegion(S3ReplicaException error, String askedRegion) {
    if (error.region() == null) {
      return false;
    }
    if (region.equals(askedRegion)) {
      region = error.region();
      address = S3Address.of(settings, region);
    }
    return true;
  }

  /** One more replica uses the connection, unless the last one has closed it. */
  synchronized boolean tryShare() {
    if (userCount > 0) {
      userCount++;
    }
    return userCount > 0;
  }

  /** The last one to leave closes. */
  void close() {
    synchronized (this) {
      if (userCount == 0 || --userCount > 0) {
        return;
      }
    }
    http.close();
    tokenService.close();
    for (Runnable unstarted : threads.shutdownNow()) {
      ((Future<?>) unstarted).cancel(false); // or who waits for it would wait for ever
    }
    credentials.close();
  }
}
