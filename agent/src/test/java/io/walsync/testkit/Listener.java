package io.walsync.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/**
 * A port of the loopback address, and the connections that came through it. The proxies and servers
 * of tests and benchmarks differ in what they do with a connection, and in nothing else.
 *
 * <p>Threading: one daemon thread accepts, one serves each connection.
 */
public final class Listener implements AutoCloseable {

  /** The port is chosen by the system. */
  public static final int ANY_PORT = 0;

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 512;

  /** What is done with a connection. */
  public interface Service {

    /**
     * Serves a connection to its end, on a thread of its own. It is closed afterwards.
     *
     * @param listener through which it came
     * @throws IOException if either side goes away, which ends the connection and nothing else
     */
    void serve(Socket client, Listener listener) throws IOException;
  }

  private final String name;
  private final Service service;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Listens from now on.
   *
   * @param name of its threads
   */
  public Listener(String name, Service service) {
    this(name, ServerSocketFactory.getDefault(), ANY_PORT, service);
  }

  public Listener(String name, ServerSocketFactory factory, int port, Service service) {
    this.name = name;
    this.service = service;
    try {
      server = factory.createServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen", e);
    }
    daemon(this::accept, name + "-accept");
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Connects to where a connection is passed on to. {@link #dropConnections} ends it too. */
  public Socket connect(URI target) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    try {
      socket.connect(new InetSocketAddress(target.getHost(), target.getPort()));
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      drop(socket);
      throw e;
    }
  }

  /** Ends all connections, in the middle of what they carry. */
  public void dropConnections() {
    open.forEach(this::drop);
  }

  /**
   * Ends one connection.
   *
   * @param socket null does nothing
   */
  public void drop(Socket socket) {
    if (socket == null) {
      return;
    }
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }

  /** Accepts no more, and ends all connections. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    dropConnections();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        daemon(() -> serve(client), name);
      } catch (IOException closedOrClientGone) {
        continue;
      }
    }
    dropConnections(); // one may have come while the others were dropped
  }

  private void serve(Socket client) {
    try {
      client.setTcpNoDelay(true);
      service.serve(client, this);
    } catch (IOException oneSideWentAway) {
      return;
    } finally {
      drop(client);
    }
  }

  /** Runs beside the others, and does not keep the JVM alive. */
  static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
