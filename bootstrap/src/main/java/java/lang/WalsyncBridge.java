package java.lang;

import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

/**
 * The only class that woven sqlite-jdbc code refers to. It is in {@code java.lang} because that
 * package is visible from every class loader, including the filtering ones of OSGi and JBoss
 * Modules. It uses JDK interfaces because only java.base is visible from there.
 *
 * <p>A connection's hook is one object that implements {@link ObjLongConsumer}, {@link
 * LongConsumer}, {@link LongBinaryOperator}, {@link Consumer} and {@link ObjIntConsumer}; the sink
 * returns it when the connection opens.
 *
 * <p>Invariants: no method ever throws but what is meant for the application, before a database is
 * opened or attached. Exceptions of hooks other than a stack overflow are counted, and after {@link
 * #FAULT_LIMIT} of them every method does nothing for the rest of the JVM's life.
 *
 * <p>Threading: any thread; callers hold the monitor of their NativeDB.
 */
@SuppressWarnings("NonAtomicVolatileUpdate")
public final class WalsyncBridge {

  /** Faults after which the bridge disarms itself: enough to diagnose, too few to hurt. */
  public static final int FAULT_LIMIT = 16;

  private static volatile BiFunction<Object, Object, Object> sink;
  private static volatile BiFunction<Object, Object, Object> finder;
  private static volatile LongConsumer openings;
  private static volatile ObjIntConsumer<Object> guard;
  private static volatile boolean openingMissed;
  private static volatile boolean disarmed;

  // Incremented without a call, because the stack may be full. An increment lost to a race only
  // delays disarming: hence the suppressed warning.
  private static volatile int faultCount;

  // The application's own recursion overflowed the stack inside a hook. That is no fault of the
  // hook, and nothing may be called where the stack is full.
  private static volatile boolean overflowed;

  /**
   * First size of {@link #missed}, which grows: usually enough until the agent takes them, a second
   * later.
   */
  private static final int MISSED_ROOM = 16;

  private static final Object MISSED_LOCK = new Object();

  /** Connections that have no hook because the sink threw. */
  private static Object[] missed = new Object[MISSED_ROOM];

  private static int missedCount;

  /** Whether a connection could not be noted in {@link #missed}, for want of memory. */
  private static boolean isOneLost;

  private WalsyncBridge() {}

  /**
   * A connection has been opened.
   *
   * @param nativeDb the {@code NativeDB}
   * @param fileName what {@code _open} was given: a String, or its UTF-8 bytes
   * @return the connection's hook; null if it gets none
   */
  public static Object opened(Object nativeDb, Object fileName) {
    return opened(nativeDb, fileName, null);
  }

  /**
   * A connection has been opened, and SQLite was asked on which file.
   *
   * @param fileName as above
   * @param file what SQLite says, empty for no file; null if it did not answer
   * @return as above
   */
  public static Object opened(Object nativeDb, Object fileName, String file) {
    BiFunction<Object, Object, Object> current = sink;
    if (current == null || disarmed) {
      return null;
    }
    try {
      Object name =
          fileName instanceof byte[]
              ? new String((byte[]) fileName, StandardCharsets.UTF_8)
              : fileName;
      return current.apply(nativeDb, file == null ? name : new Object[] {name, file});
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
    } catch (Throwable fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
    }
    // No method is called here either: the stack may be full.
    synchronized (MISSED_LOCK) {
      try {
        if (missedCount == missed.length) {
          Object[] larger = new Object[2 * missedCount];
          for (int i = 0; i < missedCount; i++) {
            larger[i] = missed[i];
          }
          missed = larger;
        }
        missed[missedCount++] = nativeDb;
      } catch (OutOfMemoryError noRoom) {
        isOneLost = true;
      }
    }
    return null;
  }

  /**
   * A connection is about to be opened, and may be kept from it: throws whatever the guard throws,
   * for the application.
   *
   * @param fileName as in {@link #opened}
   * @param flags SQLite's, of the open
   */
  public static void beforeOpen(Object fileName, int flags) {
    ObjIntConsumer<Object> current = guard;
    if (current != null) {
      Object name =
          fileName instanceof byte[]
              ? new String((byte[]) fileName, StandardCharsets.UTF_8)
              : fileName;
      current.accept(name, flags);
    }
  }

  /** A connection is about to be opened. */
  public static void opening() {
    tellOpenings(1);
  }

  /** The open that {@link #opening} announced has returned or thrown. */
  public static void openingEnded() {
    tellOpenings(-1);
  }

  private static void tellOpenings(long change) {
    LongConsumer current = openings;
    if (current == null) {
      return;
    }
    try {
      current.accept(change);
    } catch (Throwable notCounted) {
      openingMissed = true;
    }
  }

  /** The SQL that woven code runs after an open to find out the file, in UTF-8. */
  public static byte[] databaseList() {
    return "PRAGMA database_list".getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The hook of a connection whose driver was loaded before the agent, so that its NativeDB has no
   * field for it.
   *
   * @return null if it gets none
   */
  public static Object hookOf(Object nativeDb) {
    return find(nativeDb, null);
  }

  /**
   * Such a connection is about to run a statement, which may have been prepared before the agent
   * came.
   *
   * @param statement the driver's statement object
   */
  public static void running(Object nativeDb, Object statement) {
    find(nativeDb, statement);
  }

  private static Object find(Object nativeDb, Object statement) {
    BiFunction<Object, Object, Object> current = finder;
    if (current == null || disarmed) {
      return null;
    }
    try {
      return current.apply(nativeDb, statement);
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
      return null;
    } catch (Throwable fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
      return null;
    }
  }

  /**
   * A statement has been prepared.
   *
   * @param sql a String, or its UTF-8 bytes
   * @param stmt the address of the statement
   */
  @SuppressWarnings("unchecked")
  public static void prepared(Object hook, Object sql, long stmt) {
    if (disarmed) {
      return;
    }
    try {
      ((ObjLongConsumer<Object>) hook).accept(sql, stmt);
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
    } catch (Throwable fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
    }
  }

  /**
   * {@code step} begins; or, of statement 0, {@code prepare}. A checked exception of the hook is
   * meant for the application.
   */
  public static void before(Object hook, long stmt) {
    if (disarmed) {
      return;
    }
    try {
      ((LongConsumer) hook).accept(stmt);
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
    } catch (RuntimeException | Error fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
    }
  }

  /**
   * {@code step} has returned anything but a row, or {@code reset} or {@code finalize} has
   * returned; or, of statement 0, {@code prepare} has thrown.
   *
   * @param rc what the native returned, which may be an extended result code; -1 if it threw
   */
  public static void after(Object hook, long stmt, int rc) {
    if (disarmed) {
      return;
    }
    try {
      long unused = ((LongBinaryOperator) hook).applyAsLong(stmt, rc);
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
    } catch (Throwable fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
    }
  }

  /**
   * A native that is not about one statement begins. A checked exception of the hook is meant for
   * the application.
   *
   * @param what the SQL of {@code _exec} (a String, or its UTF-8 bytes), otherwise one of the
   *     Strings {@code close}, {@code backup}, {@code restore}, {@code deserialize}
   */
  @SuppressWarnings("unchecked")
  public static void beforeCall(Object hook, Object what) {
    if (disarmed) {
      return;
    }
    try {
      ((Consumer<Object>) hook).accept(what);
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
    } catch (RuntimeException | Error fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
    }
  }

  /**
   * The native of {@link #beforeCall} has ended.
   *
   * @param rc what the native returned, which may be an extended result code; 0 if it returns
   *     nothing; -1 if it threw
   */
  @SuppressWarnings("unchecked")
  public static void afterCall(Object hook, Object what, int rc) {
    if (disarmed) {
      return;
    }
    try {
      ((ObjIntConsumer<Object>) hook).accept(what, rc);
    } catch (StackOverflowError itsStackIsFull) {
      overflowed = true;
    } catch (Throwable fault) {
      if (++faultCount >= FAULT_LIMIT) {
        disarmed = true;
      }
    }
  }

  /**
   * @param newSink takes the NativeDB and the file name, or an array of the file name and what
   *     SQLite says, returns the hook or null; null means nobody is interested in connections from
   *     now on
   */
  public static void setSink(BiFunction<Object, Object, Object> newSink) {
    sink = newSink;
  }

  /**
   * @param newFinder takes a NativeDB and, or null, a statement it is about to run, returns the
   *     connection's hook or null; null means nobody is interested
   */
  public static void setFinder(BiFunction<Object, Object, Object> newFinder) {
    finder = newFinder;
  }

  /**
   * @param newOpenings told 1 before and -1 after each open
   */
  public static void setOpenings(LongConsumer newOpenings) {
    openings = newOpenings;
  }

  /**
   * @param newGuard takes the file name and the flags of each open before it, and throws what the
   *     application is to see in place of the database; null for none
   */
  public static void setGuard(ObjIntConsumer<Object> newGuard) {
    guard = newGuard;
  }

  /** Whether an open was not told, for want of stack or memory. */
  public static boolean isOpeningMissed() {
    return openingMissed;
  }

  /** Makes every later call do nothing, for good. */
  public static void disarm() {
    disarmed = true;
  }

  public static boolean isDisarmed() {
    return disarmed;
  }

  /** Whether a hook was ever cut short because the application's stack was full. */
  public static boolean isOverflowed() {
    return overflowed;
  }

  /**
   * The connections that have no hook because the sink threw; each is returned once.
   *
   * @return null among them stands for those that could not be noted, for want of memory
   */
  public static Object[] takeMissed() {
    synchronized (MISSED_LOCK) {
      Object[] taken = new Object[isOneLost ? missedCount + 1 : missedCount];
      isOneLost = false;
      while (missedCount > 0) {
        taken[--missedCount] = missed[missedCount];
        missed[missedCount] = null;
      }
      return taken;
    }
  }

  /** How many times a sink or a hook threw. Each may have cost one event. */
  public static int faultCount() {
    return faultCount;
  }
}
