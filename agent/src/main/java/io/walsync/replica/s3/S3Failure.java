package io.walsync.replica.s3;

import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns an answer that is an error into an exception that says what it means and what to do.
 *
 * <p>Of the answer, only code, message, region and request id are shown: S3 sends parts of the
 * request back, and a proxy's page may hold anything.
 */
final class S3Failure {

  private static final int LONGEST_ERROR_BYTES = 64 * 1024;
  private static final int LONGEST_SHOWN_TEXT = 200;
  private static final long LONGEST_RETRY_AFTER_MILLIS = TimeUnit.HOURS.toMillis(1);

  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,63}");

  private static final Set<String> WRONG_REGION =
      new HashSet<>(
          Arrays.asList(
              "PermanentRedirect",
              "AuthorizationHeaderMalformed",
              "IllegalLocationConstraintException",
              "IncorrectEndpoint",
              "InvalidRegion"));

  private static final Set<String> TRANSIENT =
      new HashSet<>(
          Arrays.asList(
              "RequestTimeout",
              "RequestTimeTooSkewed",
              "OperationAborted",
              "ConditionalRequestConflict",
              "NoSuchUpload",
              "InvalidPart",
              "BadDigest",
              "IncompleteBody",
              "XAmzContentSHA256Mismatch",
              "TemporaryRedirect",
              "SlowDown",
              "SlowDownRead",
              "SlowDownWrite",
              "Throttling",
              "ThrottlingException",
              "TooManyRequests",
              "InternalError",
              "ServiceUnavailable"));

  private final S3Settings settings;
  private final Clock clock;
  private final CredentialSource credentials;

  S3Failure(S3Settings settings, Clock clock, CredentialSource credentials) {
    this.settings = settings;
    this.clock = clock;
    this.credentials = credentials;
  }

  /** Reads the rest of the answer. */
  S3ReplicaException of(S3Call call, String region, HttpResponse response) {
    byte[] body;
    try (HttpResponse answer = response) {
      body = answer.readBody(LONGEST_ERROR_BYTES);
    } catch (IOException e) {
      body = new byte[0]; // the status says enough
    }
    return of(call, region, response, body);
  }

  /** For an answer whose body has been read, and may say error in spite of its status. */
  S3ReplicaException of(S3Call call, String region, HttpResponse response, byte[] body) {
    XmlElement error = error(body);
    String code = error == null ? codeOfHead(response) : error.text("Code");
    String message = error == null ? null : error.text("Message");
    boolean isForeign = error == null && body.length > 0;
    String otherRegion = otherRegion(error, response, region, code);
    StringBuilder text = new StringBuilder(headline(call)).append(": ");
    if (otherRegion != null) {
      text.append("bucket ").append(settings.bucket()).append(" is in region ");
      text.append(otherRegion).append(", not ").append(region).append("; set region to it");
    } else {
      text.append(meaning(call, response, code, error == null ? body : null));
    }
    text.append(" (").append(status(response, code));
    if (message != null && !message.isEmpty()) {
      text.append(": ").append(shown(message));
    }
    String requestId = response.header("x-amz-request-id");
    if (requestId != null) {
      text.append(", request ").append(shown(requestId));
    }
    return new S3ReplicaException(
        text.append(')').toString(),
        null,
        isPermanent(response.status(), code, otherRegion, isForeign),
        response.status(),
        code,
        retryAfterMillis(response),
        otherRegion,
        !isForeign);
  }

  /** An answer to HEAD has no body; some stores name the code in a header. */
  private static @Nullable String codeOfHead(HttpResponse response) {
    String code = response.header("x-minio-error-code");
    return code == null || code.trim().isEmpty() ? null : code.trim();
  }

  String headline(S3Call call) {
    String what = "s3://" + settings.bucket() + (call.key() == null ? "" : "/" + call.key());
    return "cannot " + call.verb() + " " + what;
  }

  /** The region the store says the bucket is in, if it is another than the one we asked. */
  static @Nullable String otherRegion(
      @Nullable XmlElement error, HttpResponse response, String region, @Nullable String code) {
    boolean isAboutRegion = response.status() == 301 || code != null && WRONG_REGION.contains(code);
    String named = response.header("x-amz-bucket-region");
    if (named == null && error != null) {
      named = error.text("Region");
    }
    // It becomes part of the next request's host: nothing else may.
    boolean isOther = named != null && REGION.matcher(named).matches() && !named.equals(region);
    boolean isHeadOrForbidden = response.status() == 400 || response.status() == 403;
    return isOther && (isAboutRegion || code == null && isHeadOrForbidden) ? named : null;
  }

  private String meaning(
      S3Call call, HttpResponse response, @Nullable String code, byte @Nullable [] notXml) {
    if (code != null) {
      String known = meaningOf(code, call, response);
      if (known != null) {
        return known;
      }
    } else if (notXml != null && response.status() == 400 && isForTls(notXml)) {
      return "the endpoint speaks TLS; write https:// rather than http://";
    } else if (notXml != null && notXml.length > 0) {
      return "the answer is not from an S3 store" + title(notXml) + "; is a proxy in between?";
    } else if (isSuccess(response.status())) {
      return "the answer says success and nothing else; is a proxy in between?";
    }
    switch (response.status()) {
      case 301:
        return response.header("Location") != null && code == null
            ? sentElsewhere(response)
            : "bucket " + settings.bucket() + " is in another region than " + settings.region();
      case 302:
      case 303:
      case 307:
      case 308:
        return sentElsewhere(response);
      case 403:
        return denied(call);
      case 404:
        return call.key() == null ? noBucket() : "no such object";
      case 407:
        return "the proxy wants user and password";
      case 412:
        return "an object of that name exists";
      case 429:
      case 503:
        return "the store asks for fewer requests";
      default:
        return response.status() >= 500 ? "the store has a problem" : "the store refuses";
    }
  }

  private @Nullable String meaningOf(String code, S3Call call, HttpResponse response) {
    switch (code) {
      case "NoSuchBucket":
        return noBucket();
      case "InvalidAccessKeyId":
      case "InvalidClientTokenId":
      case "XAdminUserNotFound": // versitygw, with status 404
        return unknownKey();
      case "SignatureDoesNotMatch":
        return "the secret access key does not belong to the access key id, or a proxy changes"
            + " requests";
      case "AccessDenied":
      case "AllAccessDisabled":
      case "AccountProblem":
        return denied(call);
      case "ExpiredToken":
      case "ExpiredTokenException":
      case "TokenRefreshRequired":
        return expiredToken();
      case "InvalidToken":
      case "InvalidTokenId":
        return invalidToken();
      case "NotImplemented":
        return "the store does not have what is asked for";
      case "RequestTimeTooSkewed":
        return "the clock of this machine and that of the store differ" + by(response);
      case "SlowDown":
      case "SlowDownRead":
      case "SlowDownWrite":
      case "TooManyRequests":
      case "Throttling":
      case "ThrottlingException":
        return "the store asks for fewer requests";
      case "BadDigest":
      case "XAmzContentSHA256Mismatch":
        return "the content was damaged on its way";
      default:
        return WRONG_REGION.contains(code) ? "wrong region or endpoint" : null;
    }
  }

  private String unknownKey() {
    return "the store does not know the access key id"
        + (isTemporaryWithoutToken()
            ? ", which is one of temporary keys: those need their session token; put all three"
                + " into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
            : "");
  }

  private String expiredToken() {
    return "the session token has expired"
        + credentials.tokenPlace()
        + (credentials.isRefreshed()
            ? "; a new one is fetched"
            : "; configure a new one, and restart the application");
  }

  private String invalidToken() {
    return "the session token is not valid"
        + credentials.tokenPlace()
        + ": it has expired, or belongs to another access key id, or to none: keys that are not"
        + " temporary need no token";
  }

  /** Only scheme and host are shown: the rest may hold anything. */
  private static String sentElsewhere(HttpResponse response) {
    String where = "elsewhere";
    try {
      URI location = URI.create(String.valueOf(response.header("Location")));
      if (location.getHost() != null) {
        where = "to " + shown(location.getScheme() + "://" + location.getHost());
      }
    } catch (IllegalArgumentException e) {
      where = "elsewhere, to what is no URL";
    }
    return "it sends us " + where + "; is the endpoint right, or a captive portal in between?";
  }

  /** Of AWS: ids of temporary keys begin so. */
  private boolean isTemporaryWithoutToken() {
    String id = settings.accessKeyId();
    return id != null && id.startsWith("ASIA") && settings.sessionToken() == null;
  }

  private String noBucket() {
    return "bucket " + settings.bucket() + " does not exist at " + where();
  }

  private String where() {
    return settings.endpoint() == null ? "AWS" : settings.endpoint().toString();
  }

  private String denied(S3Call call) {
    return "access denied; the keys need " + permission(call) + " on " + settings.bucket();
  }

  private static String permission(S3Call call) {
    if (call.query().contains("uploads") && call.method().equals("GET")) {
      return "s3:ListBucketMultipartUploads";
    }
    if (call.query().contains("uploadId") && call.method().equals("DELETE")) {
      return "s3:AbortMultipartUpload";
    }
    if (call.key() == null) {
      return call.method().equals("POST") ? "s3:DeleteObject" : "s3:ListBucket";
    }
    switch (call.method()) {
      case "GET":
      case "HEAD":
        return "s3:GetObject (and s3:ListBucket, to tell missing from forbidden)";
      case "DELETE":
        return "s3:DeleteObject";
      default:
        return "s3:PutObject";
    }
  }

  private String by(HttpResponse response) {
    long serverMillis = HttpDate.parse(response.header("Date"));
    if (serverMillis < 0) {
      return "";
    }
    long seconds = TimeUnit.MILLISECONDS.toSeconds(clock.millis() - serverMillis);
    return " by " + Math.abs(seconds) + " s (ours is " + (seconds > 0 ? "ahead)" : "behind)");
  }

  private static String status(HttpResponse response, @Nullable String code) {
    return response.status() + (code == null ? "" : " " + shown(code));
  }

  /** What servers in Go and nginx say. */
  private static boolean isForTls(byte[] page) {
    String text = new String(page, StandardCharsets.ISO_8859_1);
    return text.contains("HTTP request to an HTTPS server") || text.contains("sent to HTTPS port");
  }

  /** Only the title of a page: the rest may repeat our request, its signature included. */
  private static String title(byte[] page) {
    String text = new String(page, StandardCharsets.UTF_8);
    String lower = text.toLowerCase(Locale.ROOT);
    int start = lower.indexOf("<title>");
    int end = lower.indexOf("</title>");
    boolean hasTitle = start >= 0 && end > start && lower.length() == text.length();
    return hasTitle
        ? " but a page titled \"" + shown(text.substring(start + "<title>".length(), end)) + "\""
        : "";
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), LONGEST_SHOWN_TEXT); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? ' ' : c);
    }
    return shown.toString().trim();
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  private static boolean isPermanent(
      int status, @Nullable String code, @Nullable String otherRegion, boolean isForeign) {
    if (otherRegion != null) {
      return true;
    }
    boolean isExpired = code != null && code.startsWith("ExpiredToken");
    boolean isUnexplained = isSuccess(status) && code == null;
    boolean isSentElsewhere = status >= 300 && status < 400 && status != 301;
    boolean isTransient =
        status >= 500
            || isUnexplained
            || isSentElsewhere
            || status == 408
            || status == 409
            || status == 412
            || status == 425
            || status == 429
            || isForeign
            || isExpired
            || code != null && TRANSIENT.contains(code);
    return !isTransient;
  }

  private static @Nullable XmlElement error(byte[] body) {
    try {
      XmlElement root = XmlElement.parse(body);
      boolean isError = root.name().equals("Error") && root.text("Code") != null;
      return isError ? root : null;
    } catch (IOException e) {
      return null; // empty after HEAD, or a page of something in between
    }
  }

  private long retryAfterMillis(HttpResponse response) {
    String value = response.header("Retry-After");
    if (value == null) {
      return S3ReplicaException.NO_RETRY_AFTER;
    }
    long millis;
    try {
      millis = TimeUnit.SECONDS.toMillis(Long.parseLong(value.trim()));
    } catch (NumberFormatException e) {
      long date = HttpDate.parse(value);
      if (date < 0) {
        return S3ReplicaException.NO_RETRY_AFTER;
      }
      millis = date - clock.millis();
    }
    return Math.max(0, Math.min(millis, LONGEST_RETRY_AFTER_MILLIS));
  }
}
