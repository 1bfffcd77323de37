package io.walsync.testkit;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that a test can cut: passes bytes to a server, drops every connection while it is cut.
 */
public final class TcpProxy implements AutoCloseable {

  private final URI target;
  private final Listener listener;
  private final AtomicInteger refusedCount = new AtomicInteger();
  private volatile boolean isCut;

  public TcpProxy(URI server) {
    this.target = server;
    this.listener = new Listener("proxy", this::serve);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  /** Ends all connections, in the middle of what they carry, and refuses new ones. */
  public void cut() {
    isCut = true;
    listener.dropConnections();
  }

  public void mend() {
    isCut = false;
  }

  /** How many connections came while the network was cut. */
  public int refusedCount() {
    return refusedCount.get();
  }

  private void serve(Socket client, Listener through) throws IOException {
    if (isCut) {
      refusedCount.incrementAndGet();
      return;
    }
    Socket server = through.connect(target);
    if (isCut) {
      through.drop(server); // it came after the others were dropped
    }
    Listener.daemon(() -> pass(server, client, through), "proxy-down");
    pass(client, server, through);
  }

  private static void pass(Socket from, Socket to, Listener through) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException cutOrClosed) {
      return;
    } finally {
      through.drop(from);
      through.drop(to);
    }
  }

  @Override
  public void close() {
    isCut = true;
    listener.close();
  }
}
