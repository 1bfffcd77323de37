package io.walsync.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that a test can cut: passes bytes to a server, drops every connection while it is cut.
 */
public final class TcpProxy implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refusedCount = new AtomicInteger();
  private volatile boolean isCut;

  public TcpProxy(URI server) {
    this.target = new InetSocketAddress(server.getHost(), server.getPort());
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept, "proxy-accept");
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Ends all connections, in the middle of what they carry, and refuses new ones. */
  public void cut() {
    isCut = true;
    open.forEach(TcpProxy::closeQuietly);
  }

  public void mend() {
    isCut = false;
  }

  /** How many connections came while the network was cut. */
  public int refusedCount() {
    return refusedCount.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (isCut) {
          refusedCount.incrementAndGet();
          closeQuietly(client);
        } else {
          connect(client);
        }
      } catch (IOException closedOrTargetGone) {
        // The client sees its connection end, which is what this proxy is for.
        continue;
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try {
      server.connect(target, 5_000);
    } catch (IOException e) {
      closeQuietly(client);
      throw e;
    }
    daemon(() -> pass(client, server), "proxy-up");
    daemon(() -> pass(server, client), "proxy-down");
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } catch (IOException cutOrClosed) {
      // Both ends are closed below either way.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to release.
    }
  }

  @Override
  public void close() {
    isCut = true;
    open.forEach(TcpProxy::closeQuietly);
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
