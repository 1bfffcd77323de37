package io.walsync.replica.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Opens connections: name resolution, TCP, proxy, TLS. */
final class HttpConnector {

  /** A name may stand for many addresses; trying them all would multiply the connect timeout. */
  private static final int MOST_ADDRESSES = 4;

  private static final int LONGEST_CONNECT_ANSWER = 16 * 1024;

  private final int connectTimeoutMillis;
  private final int readTimeoutMillis;
  private final TlsTrust trust;
  private final HttpProxy proxy;
  private SSLSocketFactory tls;

  /**
   * @param proxy or null
   */
  HttpConnector(int connectTimeoutMillis, int readTimeoutMillis, TlsTrust trust, HttpProxy proxy) {
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.readTimeoutMillis = readTimeoutMillis;
    this.trust = trust;
    this.proxy = proxy;
  }

  HttpConnection connect(HttpOrigin origin, HttpClient client) throws IOException {
    // A bad CA bundle is found without troubling the server.
    SSLSocketFactory factory = origin.isTls() ? tls() : null;
    Socket tcp = connectTcp(proxy == null ? origin : proxy.origin());
    try {
      tcp.setTcpNoDelay(true);
      tcp.setKeepAlive(true);
      tcp.setSoTimeout(readTimeoutMillis);
      if (proxy != null) {
        tunnel(tcp, origin);
      }
      Socket socket = factory == null ? tcp : secure(factory, tcp, origin);
      return new HttpConnection(origin, client, tcp, socket);
    } catch (IOException | RuntimeException e) {
      tcp.close();
      throw e;
    }
  }

  private Socket connectTcp(HttpOrigin peer) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(peer.bareHost());
    IOException failure = null;
    for (int i = 0; i < Math.min(addresses.length, MOST_ADDRESSES); i++) {
      // The plain constructor would ask the application's ProxySelector for a SOCKS proxy.
      Socket socket = new Socket(Proxy.NO_PROXY);
      try {
        socket.connect(new InetSocketAddress(addresses[i], peer.port()), connectTimeoutMillis);
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  /** Plain HTTP is tunnelled as well: one way through a proxy, and it cannot cache or rewrite. */
  private void tunnel(Socket tcp, HttpOrigin origin) throws IOException {
    String target = origin.host() + ":" + origin.port();
    StringBuilder request = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\n");
    request.append("Host: ").append(target).append("\r\n");
    if (proxy.authorization() != null) {
      request.append("Proxy-Authorization: ").append(proxy.authorization()).append("\r\n");
    }
    byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    tcp.getOutputStream().write(bytes);
    String answer = readHead(tcp.getInputStream());
    boolean isOpen = answer.startsWith("HTTP/1.") && answer.startsWith(" 200", 8);
    if (!isOpen) {
      int lineEnd = Math.max(0, answer.indexOf('\r'));
      throw new IOException(
          "the proxy " + proxy + " refuses the connection: " + answer.substring(0, lineEnd));
    }
  }

  /** Byte by byte, so that nothing of the tunnelled stream is taken. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < LONGEST_CONNECT_ANSWER) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the proxy hung up");
      }
      head.append((char) b);
      if (b == '\n' && head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    throw new IOException("the proxy's answer is longer than " + LONGEST_CONNECT_ANSWER + " bytes");
  }

  private Socket secure(SSLSocketFactory factory, Socket tcp, HttpOrigin origin)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) factory.createSocket(tcp, origin.bareHost(), origin.port(), true);
    if (trust.checksNames()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  private synchronized SSLSocketFactory tls() throws IOException {
    if (tls == null) {
      tls = trust.socketFactory();
    }
    return tls;
  }
}
