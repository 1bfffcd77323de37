package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client of one database, opened when it is first needed.
 *
 * <p>Threading: safe; {@link #get} is called on upload threads.
 */
public final class ClientOnDemand implements Supplier<ReplicaClient>, Closeable {

  private final ClientOpener opener;
  private final FencingProbe fencing;
  private final AbandonedUploads abandoned;
  private final ReplicaConfig replica;
  private final FileAccess access;
  private @Nullable ReplicaClient client;
  private boolean isReady;
  private boolean isFencingKnown;

  public ClientOnDemand(
      ClientOpener opener,
      FencingProbe fencing,
      AbandonedUploads abandoned,
      ReplicaConfig replica,
      FileAccess access) {
    this.opener = opener;
    this.fencing = fencing;
    this.abandoned = abandoned;
    this.replica = replica;
    this.access = access;
  }

  @Override
  public synchronized ReplicaClient get() {
    try {
      if (client == null) {
        client = opener.open(replica, access);
      }
      if (!isReady) {
        client.connect();
        isReady = true;
        abandoned.dropOnBegin(client, replica);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!isFencingKnown) {
      isFencingKnown = fencing.ask(client, replica);
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
