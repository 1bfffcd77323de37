package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.ContentUnreadableException;
import io.walsync.replica.http.HttpOrigin;
import io.walsync.replica.http.ProxyException;
import io.walsync.replica.http.UntrustedServerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why no answer came. */
final class NetworkFailure {

  private NetworkFailure() {}

  static ReplicaException of(String headline, HttpOrigin origin, IOException cause) {
    if (cause instanceof ReplicaException) {
      return (ReplicaException) cause;
    }
    boolean isNotTheStores =
        cause instanceof ContentUnreadableException || cause instanceof ProxyException;
    String text = headline + ": " + (isNotTheStores ? cause.getMessage() : reason(origin, cause));
    return new S3ReplicaException(
        text,
        cause,
        needsOtherConfiguration(cause),
        S3ReplicaException.NO_STATUS,
        null,
        S3ReplicaException.NO_RETRY_AFTER,
        null);
  }

  private static String reason(HttpOrigin origin, IOException cause) {
    if (cause instanceof UnknownHostException) {
      return "host " + origin.host() + " is unknown (name resolution failed)";
    }
    if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
      return origin + " cannot be reached: " + cause.getMessage();
    }
    if (cause instanceof SocketTimeoutException) {
      return origin + " did not answer in time: " + cause.getMessage();
    }
    if (cause instanceof SSLException) {
      return tlsReason(origin, (SSLException) cause);
    }
    String message = cause.getMessage();
    return "the connection to " + origin + " failed: " + (message == null ? cause : message);
  }

  private static String tlsReason(HttpOrigin origin, SSLException cause) {
    if (isPlainHttp(cause)) {
      return origin + " does not speak TLS; its URL is http:// rather than https://";
    }
    UntrustedServerException distrust = distrust(cause);
    return "TLS with "
        + origin
        + " failed: "
        + (distrust == null ? cause.getMessage() : distrust.getMessage());
  }

  private static boolean needsOtherConfiguration(IOException cause) {
    return cause instanceof SSLException
        && (isPlainHttp((SSLException) cause) || isDistrust(cause));
  }

  private static boolean isPlainHttp(SSLException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("Unsupported or unrecognized SSL message")
        || message.contains("plaintext connection");
  }

  private static boolean isDistrust(Throwable cause) {
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (c instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable UntrustedServerException distrust(Throwable cause) {
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (c instanceof UntrustedServerException) {
        return (UntrustedServerException) c;
      }
    }
    return null;
  }
}
