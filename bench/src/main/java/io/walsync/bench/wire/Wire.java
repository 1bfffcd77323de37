package io.walsync.bench.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An HTTP/1.1 forwarder on a loopback port between everybody and the store. It keeps a log, adds a
 * round trip, and has weather. Bytes are passed on as they come.
 *
 * <p>Threading: one daemon thread accepts, one serves each connection with a connection of its own
 * to the store.
 */
public final class Wire implements AutoCloseable {

  private static final int BACKLOG = 512;

  private final URI store;
  private final int port;
  private final WireLog log = new WireLog();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Object change = new Object();
  private volatile long roundTripMicros;
  private volatile Weather weather = Weather.CALM;
  private volatile ServerSocket server;
  private volatile boolean isClosed;

  public Wire(URI store) {
    this.store = store;
    server = listen(0);
    port = server.getLocalPort();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  public WireLog log() {
    return log;
  }

  /**
   * Adds a round trip: each request and each answer takes half of it, a new connection takes one
   * more. The bandwidth is not limited.
   */
  public void roundTripMillis(int millis) {
    roundTripMicros = millis * 1_000L;
  }

  /** Changes the weather for all connections at once. */
  public void weather(Weather next) {
    synchronized (change) {
      boolean wasRefusing = weather == Weather.REFUSED;
      weather = next;
      if (next == Weather.REFUSED) {
        closeQuietly(server);
        open.forEach(Wire::closeQuietly);
      } else if (wasRefusing) {
        server = listen(port);
      }
      change.notifyAll();
    }
  }

  Weather weather() {
    return weather;
  }

  long roundTripMicros() {
    return roundTripMicros;
  }

  /** Returns when nothing is held back. */
  void awaitPassage() throws InterruptedException, IOException {
    synchronized (change) {
      while (weather == Weather.BLACK_HOLE && !isClosed) {
        change.wait();
      }
    }
    if (isClosed) {
      throw new IOException("the wire is closed");
    }
  }

  /** Never returns but by the wire's end. */
  void park() throws InterruptedException, IOException {
    synchronized (change) {
      while (!isClosed) {
        change.wait();
      }
    }
    throw new IOException("the wire is closed");
  }

  Socket connectToStore() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(store.getHost(), store.getPort()));
    socket.setTcpNoDelay(true);
    open.add(socket);
    return socket;
  }

  void forget(Socket socket) {
    if (socket != null) {
      open.remove(socket);
      closeQuietly(socket);
    }
  }

  @SuppressWarnings("AddressSelection") // an address, not a name
  private ServerSocket listen(int atPort) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), atPort), BACKLOG);
      start("wire-accept", () -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen", e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        open.add(client);
        start("wire-connection", new WireConnection(this, client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // nothing left to close
      return;
    }
  }

  @Override
  public void close() {
    synchronized (change) {
      isClosed = true;
      change.notifyAll();
    }
    closeQuietly(server);
    open.forEach(Wire::closeQuietly);
  }
}
