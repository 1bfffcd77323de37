package io.walsync.hook;

import io.walsync.io.AgentThread;
import io.walsync.io.Privileged;
import java.lang.ref.WeakReference;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of the application's open connections, by NativeDB. It is kept when the agent detaches,
 * so that a later attach finds the connections that stayed open.
 *
 * <p>A NativeDB class that was loaded before the agent has no field for the hook. So the hook is
 * looked up here at each event, and made at the first.
 *
 * <p>Threading: safe; looking up takes no lock.
 */
public final class ConnectionRegistry
    implements BiFunction<Object, Object, Object>,
        Consumer<FileConnection>,
        ObjLongConsumer<BooleanSupplier>,
        ObjIntConsumer<Object> {

  private static final int BUCKETS = 1024;
  private static final String NATIVE_DB = ".NativeDB";

  /** Immutable. */
  private static final class Entry {
    final WeakReference<Object> nativeDb;
    final ConnectionHook hook;

    /** Null for the last of its bucket. */
    final @Nullable Entry next;

    Entry(WeakReference<Object> nativeDb, ConnectionHook hook, @Nullable Entry next) {
      this.nativeDb = nativeDb;
      this.hook = hook;
      this.next = next;
    }

    boolean isOpen() {
      return nativeDb.get() != null && !hook.isGone();
    }
  }

  private final AtomicReferenceArray<Entry> buckets = new AtomicReferenceArray<>(BUCKETS);

  /** Makes the hook of a connection that opens; null while nobody is interested. */
  private volatile @Nullable BiFunction<Object, Object, Object> sink;

  /** Told of connections that open, or are found open; null while nobody is interested. */
  private volatile @Nullable Consumer<FileConnection> adopter;

  /**
   * Reports connections from now on.
   *
   * @param newSink makes the hook of a connection that opens, or null for none
   * @param newAdopter told of connections that open, or are found open
   */
  public void reportTo(
      BiFunction<Object, Object, Object> newSink, Consumer<FileConnection> newAdopter) {
    sink = newSink;
    adopter = newAdopter;
  }

  /**
   * Has somebody asked before each open of the application's.
   *
   * @param newGuard takes a file name, or null for one that cannot be told, and SQLite's flags;
   *     throws what the application is to see. Null for nobody
   */
  public void guardBy(@Nullable ObjIntConsumer<@Nullable Object> newGuard) {
    OpenGuards.set(newGuard);
  }

  /** Notes connections from now on, without reporting them. */
  public void reportToNobody() {
    OpenGuards.set(null);
    adopter = null;
    sink = null;
  }

  /**
   * The application or the agent is about to open a database.
   *
   * @param fileName a String
   * @param flags SQLite's
   */
  @Override
  public void accept(Object fileName, int flags) {
    if (OpenGuards.isAny() && !AgentThread.isCurrent()) {
      OpenGuards.open(fileName, flags);
    }
  }

  /**
   * A connection was opened.
   *
   * @param fileName as in {@link ConnectionHook}
   * @return its hook; null for the agent's own
   */
  @Override
  public @Nullable Object apply(Object nativeDb, Object fileName) {
    if (AgentThread.isCurrent()) {
      return null;
    }
    return Privileged.call(
        new PrivilegedAction<Object>() {
          @Override
          public @Nullable Object run() {
            return opened(nativeDb, fileName);
          }
        });
  }

  private @Nullable Object opened(Object nativeDb, Object fileName) {
    BiFunction<Object, Object, Object> current = sink;
    Object hook;
    if (current == null) {
      hook = new ConnectionHook(nativeDb, fileName, this);
    } else {
      hook = current.apply(nativeDb, fileName);
    }
    if (hook instanceof ConnectionHook) {
      // In this order: if the thread dies in between, takeIn finds the connection.
      put(nativeDb, (ConnectionHook) hook);
      // Also without a sink: one that has come meanwhile looked for connections before this one.
      accept(((ConnectionHook) hook).main());
    }
    return hook;
  }

  /**
   * A connection is open that was not reported, or not to its end, and has no hook in its field.
   *
   * @param nativeDb of the application's
   */
  public void takeIn(Object nativeDb) {
    Consumer<FileConnection> current = adopter;
    if (current == null) {
      return;
    }
    ConnectionHook hook;
    synchronized (nativeDb) {
      if (OpenConnection.pointerOf(nativeDb) == 0) {
        return;
      }
      hook = get(nativeDb);
      if (hook == null) {
        hook = ConnectionHook.ofOpen(nativeDb, this);
        put(nativeDb, hook);
      }
      DriverCalls.setHook(nativeDb, hook);
    }
    current.accept(hook.main());
  }

  /**
   * A connection is about to be opened, or has been, by the application or the agent.
   *
   * @param areTold tells whether every open so far was reported
   * @param change 1 or -1
   */
  @Override
  public void accept(BooleanSupplier areTold, long change) {
    Openings.OF_PROCESS.areTold(areTold);
    Openings.OF_PROCESS.accept(change);
  }

  /** A connection has attached a database, or its own has become known. */
  @Override
  public void accept(FileConnection file) {
    Consumer<FileConnection> current = adopter;
    if (current == null) {
      file.attach(HookedDatabase.NONE);
    } else {
      current.accept(file);
    }
  }

  /**
   * The hook of a connection whose NativeDB was loaded before the agent.
   *
   * @param statement that it is about to run, as the driver's object, or null
   * @return null for the agent's own, and while nobody is interested
   */
  public @Nullable Object find(Object nativeDb, @Nullable Object statement) {
    ConnectionHook hook = get(nativeDb);
    if (hook == null) {
      Consumer<FileConnection> current = adopter;
      if (current == null || !isApplications(nativeDb)) {
        return null;
      }
      hook =
          Privileged.call(
              new PrivilegedAction<ConnectionHook>() {
                @Override
                public ConnectionHook run() {
                  return found(nativeDb, current);
                }
              });
    }
    if (statement != null) {
      hook.running(statement);
    }
    return hook;
  }

  private static boolean isApplications(Object nativeDb) {
    return !AgentThread.isCurrent() && nativeDb.getClass().getName().endsWith(NATIVE_DB);
  }

  private ConnectionHook found(Object nativeDb, Consumer<FileConnection> interested) {
    ConnectionHook hook = ConnectionHook.ofOpen(nativeDb, this);
    put(nativeDb, hook);
    interested.accept(hook.main());
    return hook;
  }

  /**
   * The files of all connections known to be open; of each connection its own database comes first.
   */
  public List<FileConnection> all() {
    List<FileConnection> files = new ArrayList<>();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      for (Entry entry = buckets.get(bucket); entry != null; entry = entry.next) {
        if (entry.isOpen()) {
          files.addAll(entry.hook.files());
        }
      }
    }
    return files;
  }

  /**
   * Removes the connections whose close would not be noticed, because their drivers have their own
   * code back.
   */
  public void keepOnlyWovenNatives() {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      synchronized (this) {
        Entry kept = null;
        for (Entry entry = buckets.get(bucket); entry != null; entry = entry.next) {
          Object nativeDb = entry.nativeDb.get();
          if (nativeDb != null && DriverCalls.isWovenNative(nativeDb) && !entry.hook.isGone()) {
            kept = new Entry(entry.nativeDb, entry.hook, kept);
          }
        }
        buckets.set(bucket, kept);
      }
    }
  }

  /** Null if it has none. */
  private @Nullable ConnectionHook get(Object nativeDb) {
    for (Entry entry = buckets.get(bucketOf(nativeDb)); entry != null; entry = entry.next) {
      if (entry.nativeDb.get() == nativeDb) {
        return entry.hook;
      }
    }
    return null;
  }

  private synchronized void put(Object nativeDb, ConnectionHook hook) {
    int bucket = bucketOf(nativeDb);
    Entry kept = null;
    for (Entry entry = buckets.get(bucket); entry != null; entry = entry.next) {
      if (entry.isOpen() && entry.nativeDb.get() != nativeDb) {
        kept = new Entry(entry.nativeDb, entry.hook, kept);
      }
    }
    buckets.set(bucket, new Entry(new WeakReference<>(nativeDb), hook, kept));
  }

  private static int bucketOf(Object nativeDb) {
    int hash = System.identityHashCode(nativeDb);
    return (hash ^ hash >>> 10) & BUCKETS - 1;
  }
}
