package io.walsync.bench.wire;

import io.walsync.testkit.Listener;
import java.io.IOException;
import java.net.URI;
import javax.net.ServerSocketFactory;

/**
 * An HTTP/1.1 forwarder on a loopback port between everybody and the store. It keeps a log, adds a
 * round trip, and has weather. Bytes are passed on as they come.
 *
 * <p>Threading: one daemon thread accepts, one serves each connection with a connection of its own
 * to the store.
 */
public final class Wire implements AutoCloseable {

  private final URI store;
  private final int port;
  private final WireLog log = new WireLog();
  private final Object change = new Object();
  private volatile long roundTripMicros;
  private volatile Weather weather = Weather.CALM;
  private volatile Listener listener;
  private volatile boolean isClosed;

  public Wire(URI store) {
    this.store = store;
    listener = listen(Listener.ANY_PORT);
    port = listener.port();
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
        listener.close();
      } else if (wasRefusing) {
        listener = listen(port);
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

  private Listener listen(int atPort) {
    return new Listener(
        "wire",
        ServerSocketFactory.getDefault(),
        atPort,
        (client, through) -> new WireConnection(this, store, client, through).serve());
  }

  @Override
  public void close() {
    synchronized (change) {
      isClosed = true;
      change.notifyAll();
    }
    listener.close();
  }
}
