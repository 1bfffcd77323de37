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
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed: those of a PEM bundle, those of the JVM (its {@code cacerts}, or
 * what {@code javax.net.ssl.trustStore} names), or all. Never the default {@code SSLContext}, which
 * the application may have set to anything.
 */
public final class TlsTrust {

  private final @Nullable File caBundle;
  private final boolean trustsAll;

  private TlsTrust(@Nullable File caBundle, boolean trustsAll) {
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
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "TLS cannot be set up; of certificates, we trust " + this + ": " + reason.getMessage(),
          e);
    }
  }

  /** What is believed, for messages. */
  @Override
  public String toString() {
    if (trustsAll) {
      return "all there are";
    }
    if (caBundle != null) {
      return "those in " + caBundle + " (AWS_CA_BUNDLE)";
    }
    String store = System.getProperty("javax.net.ssl.trustStore");
    if (store == null) {
      return "those of the JVM";
    }
    return new File(store).exists() || store.equals("NONE")
        ? "those in " + store + " (javax.net.ssl.trustStore)"
        : "those of the JVM (javax.net.ssl.trustStore names " + store + ", which does not exist)";
  }

  private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
    if (trustsAll) {
      return new TrustManager[] {new TrustEverybody()};
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(caBundle == null ? null : read(caBundle));
    TrustManager[] managers = factory.getTrustManagers();
    for (int i = 0; i < managers.length; i++) {
      if (managers[i] instanceof X509ExtendedTrustManager) {
        X509ExtendedTrustManager manager = (X509ExtendedTrustManager) managers[i];
        if (manager.getAcceptedIssuers().length == 0) {
          // Else the handshake fails with "the trustAnchors parameter must be non-empty".
          throw new IOException(
              "no certificate is trusted: there is none among "
                  + this
                  + " (a PKCS#12 store reads as empty without javax.net.ssl.trustStorePassword)");
        }
        managers[i] = new ExplainingTrust(manager, this);
      }
    }
    return managers;
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
      throw new IOException(
          "the CA bundle " + bundle + " (AWS_CA_BUNDLE) cannot be read: " + e.getMessage(), e);
    }
    if (count == 0) {
      throw new IOException("the CA bundle " + bundle + " (AWS_CA_BUNDLE) holds no certificate");
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
