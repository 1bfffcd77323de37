package io.walsync.replica.http;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whose certificates are believed: those of a PEM bundle, those of the JVM (its {@code cacerts}, or
 * what {@code javax.net.ssl.trustStore} names), or all. Never the default {@code SSLContext}, which
 * the application may have set to anything.
 */
public final class TlsTrust {

  private final File caBundle;
  private final boolean trustsAll;

  private TlsTrust(File caBundle, boolean trustsAll) {
    this.caBundle = caBundle;
    this.trustsAll = trustsAll;
  }

  public static TlsTrust jvm() {
    return new TlsTrust(null, false);
  }

  /**
   * @param caBundle PEM certificates; read when the first connection is made
   */
  public static TlsTrust bundle(File caBundle) {
    return new TlsTrust(caBundle, false);
  }

  /** For tests of users against self-signed servers: anybody may impersonate the store. */
  public static TlsTrust everybody() {
    return new TlsTrust(null, true);
  }

  boolean checksNames() {
    return !trustsAll;
  }

  /** One factory a client, so that TLS sessions are resumed. */
  SSLSocketFactory socketFactory() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
    if (trustsAll) {
      return new TrustManager[] {new TrustEverybody()};
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(caBundle == null ? null : read(caBundle));
    return factory.getTrustManagers();
  }

  private static KeyStore read(File bundle) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    try (InputStream in = new FileInputStream(bundle)) {
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + count++, ca);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("CA bundle " + bundle + " cannot be read: " + e.getMessage(), e);
    }
    if (count == 0) {
      throw new IOException("CA bundle " + bundle + " holds no certificate");
    }
    return store;
  }

  private static final class TrustEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
