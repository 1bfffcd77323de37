package io.walsync.metrics;

import io.walsync.db.events.DbStatus;
import io.walsync.io.AgentThread;
import io.walsync.status.AgentFacts;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the values over HTTP on one thread that waits for no client: who sends or reads slowly is
 * cut off, and where there are too many the oldest has to go.
 *
 * <p>Threading: {@link #open} and {@link #close} from any.
 */
public final class MetricsServer implements Runnable, Closeable {

  /** One scrape takes milliseconds. Each may hold a page of some 500 kB. */
  private static final int MOST_CONNECTIONS = 16;

  /** From accepting a connection to its end. */
  private static final long EXCHANGE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Pause where nothing can be accepted, since there are no descriptors for instance. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long {@link #close} waits for the thread. */
  private static final long END_MILLIS = 2_000;

  private final ServerSocketChannel server;
  private final Selector selector;
  private final Answers answers;
  private final int port;
  private final Queue<SelectionKey> exchanges = new ArrayDeque<>();
  private final Thread thread = AgentThread.of(this, "walsync-metrics");
  private volatile boolean isClosed;

  private MetricsServer(ServerSocketChannel server, Selector selector, Answers answers)
      throws IOException {
    this.server = server;
    this.selector = selector;
    this.answers = answers;
    this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  /**
   * Listens, and serves from now on.
   *
   * @param host a name or an address; null for the loopback address
   * @param port 0 for any that is free
   * @param databases asked for each answer
   * @param agent likewise; gives null before it has started
   * @param isLitestreamToo whether Litestream's names are served too
   * @throws IOException if it cannot listen there
   */
  public static MetricsServer open(
      @Nullable String host,
      int port,
      Supplier<List<DbStatus>> databases,
      Supplier<@Nullable AgentFacts> agent,
      boolean isLitestreamToo)
      throws IOException {
    InetAddress address =
        host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(new InetSocketAddress(address, port), MOST_CONNECTIONS);
      server.configureBlocking(false);
      Selector selector = Selector.open();
      server.register(selector, SelectionKey.OP_ACCEPT);
      Answers answers = new Answers(databases, agent, address.isLoopbackAddress(), isLitestreamToo);
      MetricsServer opened = new MetricsServer(server, selector, answers);
      opened.thread.start();
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  @Override
  public void run() {
    try {
      while (!isClosed) {
        turn();
      }
    } catch (IOException | RuntimeException e) {
      // The selector is broken or closed: who scrapes sees that nobody answers.
      isClosed = true;
    } finally {
      end();
    }
  }

  private void turn() throws IOException {
    long now = System.nanoTime();
    closeOverdue(now);
    SelectionKey oldest = exchanges.peek();
    if (oldest == null) {
      selector.select();
    } else {
      long leftNanos = exchange(oldest).endNanos() - now;
      selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1));
    }
    Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
    while (ready.hasNext() && !isClosed) {
      SelectionKey key = ready.next();
      ready.remove();
      if (!key.isValid()) {
        continue;
      }
      if (key.isAcceptable()) {
        accept();
      } else {
        advance(key);
      }
    }
  }

  private static Exchange exchange(SelectionKey key) {
    return (Exchange) key.attachment();
  }

  private void closeOverdue(long now) {
    SelectionKey oldest = exchanges.peek();
    while (oldest != null && exchange(oldest).endNanos() - now <= 0) {
      drop(oldest);
      oldest = exchanges.peek();
    }
  }

  private void drop(SelectionKey key) {
    exchanges.remove(key);
    key.cancel();
    exchange(key).close();
  }

  private void accept() throws IOException {
    SocketChannel channel;
    try {
      channel = server.accept();
    } catch (IOException noDescriptor) {
      LockSupport.parkNanos(PAUSE_NANOS);
      return;
    }
    if (channel == null) {
      return;
    }
    if (exchanges.size() >= MOST_CONNECTIONS) {
      drop(exchanges.element());
    }
    try {
      channel.configureBlocking(false);
      Exchange exchange = new Exchange(channel, System.nanoTime() + EXCHANGE_NANOS, answers);
      exchanges.add(channel.register(selector, SelectionKey.OP_READ, exchange));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
    }
  }

  private void advance(SelectionKey key) {
    boolean isMore = false;
    try {
      isMore = exchange(key).advance(key);
    } catch (IOException | CancelledKeyException clientIsGone) {
      isMore = false;
    } catch (RuntimeException | OutOfMemoryError e) {
      isMore = false;
    }
    if (!isMore) {
      drop(key);
    }
  }

  private void end() {
    try {
      for (SelectionKey key : exchanges) {
        exchange(key).close();
      }
      server.close();
      selector.close();
    } catch (IOException gone) {
      return;
    }
  }

  /** Stops; the port is free afterwards. */
  @Override
  public void close() {
    isClosed = true;
    selector.wakeup();
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException soon) {
      Thread.currentThread().interrupt();
    }
  }
}
