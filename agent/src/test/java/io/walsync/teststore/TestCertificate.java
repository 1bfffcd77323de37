package io.walsync.teststore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate made by the JDK's keytool, for servers of tests. */
public final class TestCertificate {

  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "server";

  private final KeyStore keys;

  /**
   * @param folder for the key store
   * @param name in the form of keytool's SAN extension: {@code ip:127.0.0.1} or {@code dns:host}
   */
  public TestCertificate(Path folder, String name) {
    this(folder, name, 0);
  }

  /**
   * @param beginsInDays when its ten days begin; below -10 for one that has expired
   */
  public TestCertificate(Path folder, String name, int beginsInDays) {
    Path file = folder.resolve(name.replace(':', '-') + beginsInDays + ".p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Paths.get(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  ALIAS,
                  "-keyalg",
                  "EC",
                  "-startdate",
                  (beginsInDays < 0 ? "" : "+") + beginsInDays + "d",
                  "-validity",
                  "10",
                  "-dname",
                  "CN=walsync test",
                  "-ext",
                  "san=" + name,
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  PASSWORD)
              .redirectErrorStream(true)
              .start();
      String output = new String(keytool.getInputStream().readAllBytes());
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException("keytool: " + output);
      }
      keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD.toCharArray());
      }
    } catch (IOException | InterruptedException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sockets of a server that shows the certificate. */
  public ServerSocketFactory serverSockets() {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context.getServerSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate as a CA bundle. */
  public Path writePem(Path file) {
    try {
      byte[] der = keys.getCertificate(ALIAS).getEncoded();
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      String pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
      return Files.writeString(file, pem);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
