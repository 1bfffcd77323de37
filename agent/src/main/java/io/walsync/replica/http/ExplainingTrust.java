package io.walsync.replica.http;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes whom another one believes, and says why where it does not. */
final class ExplainingTrust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager trust;
  private final TlsTrust trusted;

  ExplainingTrust(X509ExtendedTrustManager trust, TlsTrust trusted) {
    this.trust = trust;
    this.trusted = trusted;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    try {
      trust.checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      throw explained(chain, type, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      trust.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw explained(chain, type, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkServerTrusted(chain, type);
  }

  private CertificateException explained(
      X509Certificate[] chain, String type, CertificateException failure) {
    boolean isNameTheProblem;
    try {
      trust.checkServerTrusted(chain, type); // without the name
      isNameTheProblem = true;
    } catch (CertificateException e) {
      isNameTheProblem = false;
    }
    return UntrustedServerException.of(
        chain, isNameTheProblem, trusted, Clock.systemUTC(), failure);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}
