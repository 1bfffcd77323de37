package io.walsync.replica.http;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's certificate is not believed; the message says why and what to do. */
public final class UntrustedServerException extends CertificateException {

  private static final long serialVersionUID = 1L;

  /** Names shown of a certificate that is for others; some have hundreds. */
  private static final int MOST_NAMES = 5;

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private UntrustedServerException(String message, CertificateException cause) {
    super(message, cause);
  }

  /**
   * @param isNameTheProblem whether the certificate itself is believed, for other names
   * @param trusted what would have to hold the server's authority
   */
  static UntrustedServerException of(
      X509Certificate[] chain,
      boolean isNameTheProblem,
      TlsTrust trusted,
      Clock clock,
      CertificateException cause) {
    String reason = outOfDate(chain, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    if (reason == null) {
      reason = isNameTheProblem ? forOthers(chain[0]) : unknownAuthority(chain, trusted);
    }
    return new UntrustedServerException(reason, cause);
  }

  /** Which certificate is not valid now; null if all are. */
  private static @Nullable String outOfDate(X509Certificate[] chain, Instant now) {
    for (int i = 0; i < chain.length; i++) {
      String whose =
          i == 0 ? "its certificate" : "the certificate of its authority " + name(chain[i], true);
      Instant end = chain[i].getNotAfter().toInstant();
      Instant begin = chain[i].getNotBefore().toInstant();
      if (now.isAfter(end)) {
        return whose + " expired on " + end + " (the clock here says " + now + "); renew it";
      }
      if (now.isBefore(begin)) {
        return whose + " is valid from " + begin + " on, and the clock here says " + now;
      }
    }
    return null;
  }

  private static String forOthers(X509Certificate certificate) {
    return "its certificate is for "
        + String.join(", ", names(certificate))
        + " and not for this host; use a name that the certificate has in `endpoint`"
        + " (`force-path-style: true` keeps the bucket out of the host), or a certificate"
        + " that has this one";
  }

  private static String unknownAuthority(X509Certificate[] chain, TlsTrust trusted) {
    X509Certificate last = chain[chain.length - 1];
    boolean isSelfSigned = last.getIssuerX500Principal().equals(last.getSubjectX500Principal());
    String authority = name(last, isSelfSigned);
    return (isSelfSigned && chain.length == 1
            ? "its certificate " + authority + " is self-signed and not one of "
            : "its certificate comes from the authority " + authority + ", which is not one of ")
        + trusted
        + "; name a PEM file with that certificate in AWS_CA_BUNDLE";
  }

  private static String name(X509Certificate certificate, boolean isSubject) {
    return "\""
        + (isSubject
            ? certificate.getSubjectX500Principal().getName()
            : certificate.getIssuerX500Principal().getName())
        + "\"";
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    Collection<List<?>> alternatives = Collections.emptyList();
    try {
      if (certificate.getSubjectAlternativeNames() != null) {
        alternatives = certificate.getSubjectAlternativeNames();
      }
    } catch (CertificateParsingException e) {
      names.add("names that cannot be read");
    }
    for (List<?> alternative : alternatives) {
      int type = (Integer) alternative.get(0);
      if (type == DNS_NAME || type == IP_ADDRESS) {
        names.add(names.size() < MOST_NAMES ? String.valueOf(alternative.get(1)) : "…");
      }
    }
    if (names.isEmpty()) {
      names.add(name(certificate, true));
    }
    return names.subList(0, Math.min(names.size(), MOST_NAMES + 1));
  }
}
