package io.walsync.replica.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Opens connections: name resolution, TCP, proxy, TLS. */
final class HttpConnector {

  /** A name may stand for many addresses; trying them all would multiply the connect timeout. */
  private static final int MOST_ADDRESSES = 4;

  private static final int LONGEST_CONNECT_ANSWER = 16 * 1024;

  private final int connectTimeoutMillis;
  private final int readTimeoutMillis;
  private final TlsTrust trust;
  private final ProxySettings proxies;
  private @Nullable SSLSocketFactory tls;

  HttpConnector(
      int connectTimeoutMillis, int readTimeoutMillis, TlsTrust trust, ProxySettings proxies) {
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.readTimeoutMillis = readTimeoutMillis;
    this.trust = trust;
    this.proxies = proxies;
  }

  HttpConnection connect(HttpOrigin origin, HttpClient client) throws IOException {
    // A bad CA bundle is found without troubling the server.
    SSLSocketFactory factory = origin.isTls() ? tls() : null;
    HttpProxy proxy = proxies.forOrigin(origin);
    Socket tcp = proxy == null ? connectTcp(origin) : connectTcp(proxy);
    try {
      tcp.setTcpNoDelay(true);
      tcp.setKeepAlive(true);
      tcp.setSoTimeout(readTimeoutMillis);
      if (proxy != null) {
        tunnel(tcp, proxy, origin);
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

  private Socket connectTcp(HttpProxy proxy) throws ProxyException {
    try {
      return connectTcp(proxy.origin());
    } catch (UnknownHostException e) {
      throw new ProxyException(proxy, "is unknown (name resolution failed)", e);
    } catch (IOException e) {
      throw new ProxyException(proxy, "cannot be reached: " + e.getMessage(), e);
    }
  }

  /** Plain HTTP is tunnelled as well: one way through a proxy, and it cannot cache or rewrite. */
  private static void tunnel(Socket tcp, HttpProxy proxy, HttpOrigin origin) throws IOException {
    String target = origin.host() + ":" + origin.port();
    StringBuilder request = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\n");
    request.append("Host: ").append(target).append("\r\n");
    if (proxy.authorization() != null) {
      request.append("Proxy-Authorization: ").append(proxy.authorization()).append("\r\n");
    }
    byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    String answer;
    try {
      tcp.getOutputStream().write(bytes);
      answer = readHead(tcp.getInputStream());
    } catch (SocketTimeoutException e) {
      throw new ProxyException(proxy, "did not answer in time: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ProxyException(proxy, "gave no answer: " + e.getMessage(), e);
    }
    boolean isOpen = answer.startsWith("HTTP/1.") && answer.startsWith(" 2", 8);
    if (!isOpen) {
      int lineEnd = Math.max(0, answer.indexOf('\r'));
      boolean wantsPassword = answer.startsWith(" 407", 8);
      throw new ProxyException(
          proxy,
          "refuses the connection to "
              + target
              + ": "
              + answer.substring(0, lineEnd)
              + (wantsPassword ? " (user and password are missing or wrong)" : ""),
          null);
    }
  }

  /** Byte by byte, so that nothing of the tunnelled stream is taken. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < LONGEST_CONNECT_ANSWER) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("it hung up");
      }
      head.append((char) b);
      if (b == '\n' && head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    throw new IOException("more than " + LONGEST_CONNECT_ANSWER + " bytes without an end");
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
