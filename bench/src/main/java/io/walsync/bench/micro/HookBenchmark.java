package io.walsync.bench.micro;

import io.walsync.db.checkpoint.Turnstile;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.FileConnection;
import io.walsync.hook.HookedDatabase;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the agent does on the application's thread, beside SQLite: a statement's hook calls, step
 * and reset together. A commit that finds the replicator armed also wakes a thread; that happens at
 * most once in each sync interval and is measured by {@code commitThatWakes} without the waking
 * itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HookBenchmark {

  private static final long INSERT = 0x7f00_1000L;
  private static final long SELECT = 0x7f00_2000L;
  private static final String INSERT_SQL = "INSERT INTO orders(customer, total) VALUES(?, ?)";
  private static final int OK = 0;
  private static final int DONE = 101;

  private final Database database = new Database();
  private ConnectionHook hook;

  /** As {@code Db} behaves towards committing threads. */
  private static final class Database implements HookedDatabase {
    private final Turnstile turnstile = new Turnstile();
    private volatile boolean isArmed;

    @SuppressWarnings("UnusedVariable") // the work that is measured
    private int wakeCount;

    @Override
    public void committed() {
      if (isArmed) {
        isArmed = false;
        wakeCount++;
      }
    }

    @Override
    public void awaitTurnstile() {
      turnstile.pass();
    }

    @Override
    public boolean isInWalMode() {
      return true;
    }

    @Override
    public void letGo(FileConnection connection, boolean isClosing) {}

    @Override
    public void stays(FileConnection connection) {}

    @Override
    public void takeHold(FileConnection connection) {}

    @Override
    public void closed(FileConnection connection) {}
  }

  @Setup
  public void open() {
    hook = new ConnectionHook(new Object(), "/data/app.db", opened -> {});
    hook.main().attach(database);
    hook.accept((Object) INSERT_SQL, INSERT);
    hook.accept((Object) "SELECT total FROM orders WHERE id = ?", SELECT);
  }

  @Benchmark
  public long commit() {
    hook.accept(INSERT);
    return hook.applyAsLong(INSERT, DONE) + hook.applyAsLong(INSERT, OK);
  }

  @Benchmark
  public long commitThatWakes() {
    database.isArmed = true;
    hook.accept(INSERT);
    return hook.applyAsLong(INSERT, DONE) + hook.applyAsLong(INSERT, OK);
  }

  @Benchmark
  public long read() {
    hook.accept(SELECT);
    return hook.applyAsLong(SELECT, DONE) + hook.applyAsLong(SELECT, OK);
  }

  @Benchmark
  public void prepare() {
    hook.accept((Object) INSERT_SQL, INSERT);
  }
}
