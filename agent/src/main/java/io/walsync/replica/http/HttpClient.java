package io.walsync.replica.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over connections it keeps.
 *
 * <p>Threading: any number of threads; as many connections as there are requests at one time.
 */
public final class HttpClient implements Closeable {

  /** Stores hang up on idle connections after 5 to 60 s; past this a new one is the safer bet. */
  private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** After a parallel restore or multipart upload this many connections stay open. */
  private static final int MOST_IDLE_CONNECTIONS = 8;

  private final HttpConnector connector;
  private final StallGuard guard;
  private final Map<HttpOrigin, Deque<HttpConnection>> idle = new HashMap<>();
  private final Set<HttpConnection> open = new HashSet<>();
  private int idleCount;
  private boolean isClosed;

  /**
   * @param connectTimeoutMillis for each address tried
   * @param readTimeoutMillis longest silence of the server, and longest time without progress while
   *     sending
   * @param proxies which of them to use for which server
   */
  public HttpClient(
      int connectTimeoutMillis, int readTimeoutMillis, TlsTrust trust, ProxySettings proxies) {
    this.connector = new HttpConnector(connectTimeoutMillis, readTimeoutMillis, trust, proxies);
    this.guard = new StallGuard(readTimeoutMillis);
  }

  /**
   * Sends a request and reads the head of the answer, whatever its status.
   *
   * @throws IOException if no answer came; whether the server has acted is then unknown
   */
  public HttpResponse send(HttpOrigin origin, HttpRequest request) throws IOException {
    HttpConnection kept = takeIdle(origin);
    if (kept != null) {
      if (request.isRepeatable() || kept.isAlive()) {
        try {
          return kept.exchange(request, guard);
        } catch (SocketTimeoutException | ContentUnreadableException e) {
          throw e;
        } catch (IOException e) {
          boolean wasDead = !kept.hasAnswered() && request.isRepeatable() && !isClosed();
          if (!wasDead) {
            throw e;
          }
        }
      } else {
        kept.close();
      }
    }
    return connect(origin).exchange(request, guard);
  }

  private HttpConnection connect(HttpOrigin origin) throws IOException {
    if (isClosed()) {
      throw new IOException("the client is closed");
    }
    HttpConnection connection = connector.connect(origin, this);
    synchronized (this) {
      if (!isClosed) {
        open.add(connection);
        return connection;
      }
    }
    connection.close();
    throw new IOException("the client is closed");
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  private @Nullable HttpConnection takeIdle(HttpOrigin origin) {
    List<HttpConnection> unfit = new ArrayList<>();
    HttpConnection found = null;
    synchronized (this) {
      Deque<HttpConnection> connections = idle.get(origin);
      long now = System.nanoTime();
      while (connections != null && !connections.isEmpty() && found == null) {
        HttpConnection candidate = connections.removeFirst();
        idleCount--;
        if (candidate.idleNanos(now) < MOST_IDLE_NANOS && !candidate.hasLeftovers()) {
          found = candidate;
        } else {
          unfit.add(candidate);
        }
      }
    }
    unfit.forEach(HttpConnection::close);
    return found;
  }

  /** Takes a connection back whose answer has been read to its end. */
  void keep(HttpConnection connection) {
    synchronized (this) {
      if (!isClosed && idleCount < MOST_IDLE_CONNECTIONS) {
        connection.markIdle(System.nanoTime());
        idle.computeIfAbsent(connection.origin(), o -> new ArrayDeque<>()).addFirst(connection);
        idleCount++;
        return;
      }
    }
    connection.close();
  }

  synchronized void forget(HttpConnection connection) {
    open.remove(connection);
  }

  /** Closes all connections; requests under way fail. */
  @Override
  public void close() {
    List<HttpConnection> all;
    synchronized (this) {
      isClosed = true;
      all = new ArrayList<>(open);
      idle.clear();
      idleCount = 0;
    }
    all.forEach(HttpConnection::close);
    guard.close();
  }
}
