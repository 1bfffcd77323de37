package io.walsync.replica.s3;

import io.walsync.io.AgentThread;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * A search for keys that nobody waits for longer than its limit: metadata services that hang keep
 * the SDK for a minute, a {@code credential_process} may never end. It runs on a thread of its own,
 * one at a time; who comes while it still runs waits for the same one.
 *
 * <p>Threading: used by one thread at a time; {@link #close} by any.
 */
final class BoundedLookup {

  private final Callable<AwsCredentialsIdentity> lookup;
  private final long limitMillis;

  /** Null while there is none. */
  private volatile @Nullable FutureTask<AwsCredentialsIdentity> running;

  BoundedLookup(Callable<AwsCredentialsIdentity> lookup, long limitMillis) {
    this.lookup = lookup;
    this.limitMillis = limitMillis;
  }

  /**
   * @throws IOException whose message is the reason alone, without a subject
   */
  AwsCredentialsIdentity get() throws IOException {
    FutureTask<AwsCredentialsIdentity> search = running;
    if (search == null) {
      search = new FutureTask<>(lookup);
      AgentThread.of(search, "walsync-credentials").start();
      running = search;
    }
    try {
      AwsCredentialsIdentity keys = search.get(limitMillis, TimeUnit.MILLISECONDS);
      running = null;
      return keys;
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + limitMillis + " ms", e);
    } catch (ExecutionException e) {
      running = null;
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(reason(cause), cause);
    } catch (CancellationException e) {
      running = null;
      throw new IOException("closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** What the SDK says, and what lies below it, which is often what matters. */
  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = text(failure);
    String below = text(root);
    return text.contains(below) ? text : text + ": " + below;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  void close() {
    FutureTask<AwsCredentialsIdentity> search = running;
    if (search != null) {
      search.cancel(true);
    }
  }
}
