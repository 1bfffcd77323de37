package io.walsync.replica.s3;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.List;
import java.util.Map;

/** The main class of an application that has set every global switch of the JDK against us. */
public final class HostileHost {

  private HostileHost() {}

  /**
   * @param args endpoint, access key, secret key, bucket; the word {@code construct} or {@code use}
   */
  public static void main(String[] args) throws IOException {
    setGlobals();
    S3Settings settings =
        S3Settings.builder()
            .endpoint(args[0])
            .keys(args[1], args[2])
            .bucket(args[3])
            .path("hostile")
            .forcePathStyle(true)
            .build();
    try (S3ReplicaClient client = new S3ReplicaClient(settings)) {
      if (args[4].equals("use")) {
        use(client);
      }
    }
    System.out.print("fine");
  }

  private static void use(S3ReplicaClient client) throws IOException {
    byte[] content = new byte[4_096];
    LtxFileInfo file = new LtxFileInfo(0, Txid.FIRST, Txid.FIRST, content.length, 0);
    client.init();
    client.write(file, new BytesSource(content), Sha256.hexOf(content));
    client.list(0, Txid.FIRST, true);
    client.open(file, 1, 10).close();
    client.delete(List.of(file));
  }

  private static void setGlobals() {
    CookieHandler.setDefault(
        new CookieHandler() {
          @Override
          public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            throw new AssertionError("the application's cookies were asked for");
          }

          @Override
          public void put(URI uri, Map<String, List<String>> headers) {
            throw new AssertionError("the application got our cookies");
          }
        });
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<java.net.Proxy> select(URI uri) {
            throw new AssertionError("the application's proxies were asked for " + uri);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        });
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            throw new AssertionError("the application's passwords were asked for");
          }
        });
    // The JDK's own classes make http: URLs, but open none.
    URL.setURLStreamHandlerFactory(
        protocol -> protocol.startsWith("http") ? new RefusingHandler() : null);
    for (String property :
        List.of(
            "socksProxyHost",
            "http.proxyHost",
            "https.proxyHost",
            "software.amazon.awssdk.http.service.impl",
            "aws.accessKeyId",
            "aws.secretAccessKey",
            "aws.region",
            "javax.xml.parsers.SAXParserFactory",
            "javax.xml.stream.XMLInputFactory")) {
      System.setProperty(property, "hostile.invalid");
    }
    System.setProperty("http.keepAlive", "false");
    Thread.currentThread()
        .setContextClassLoader(
            new ClassLoader(null) {
              @Override
              protected Class<?> findClass(String name) {
                throw new AssertionError("the application's loader was asked for " + name);
              }
            });
  }

  private static final class RefusingHandler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      throw new AssertionError("the application's URL handler was asked for " + url);
    }
  }
}
