package io.walsync.it;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForeignWriter;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.SqliteCli;
import io.walsync.it.harness.StateWalk;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Rounds of: start the application under the agent, let writers in threads, another process,
 * checkpoints of every kind and short-lived connections loose on one ledger, take the application
 * away (SIGKILL, SIGTERM, or a quiet close), restore, compare.
 *
 * <p>After each round: every commit that was acknowledged is in the source; the replica restores to
 * a committed state of the source; it is no older than what the replica held shortly before the
 * end; after an orderly end, and after every wait for it, it is the tip; every TXID in between is a
 * committed state too.
 */
final class Simulation {

  /** About how many of the states that a round has written are looked at. */
  private static final int STATES_A_ROUND = 40;

  private enum Ending {
    SIGKILL,
    SIGTERM,
    CLOSE,
    WAIT_THEN_SIGKILL
  }

  private final Path database;
  private final Path config;
  private final DirectoryReplica replica;
  private final Path scratch;
  private final StateWalk walk;
  private final Random random;
  private final long seed;
  private final SqliteCli shell = SqliteCli.ifPresent();
  private final Litestream litestream = Litestream.ifPresent();
  private Recovery recovery;
  private int copyCount;

  Simulation(Path folder, long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.database = folder.resolve("app.db");
    this.replica = new DirectoryReplica(folder.resolve("replica"));
    this.scratch = folder.resolve("scratch");
    this.walk = new StateWalk(folder.resolve("walk.db"));
    this.config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  /** Stops at the first of both bounds; a failure names the round and the seed. */
  void run(long rounds, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    long round = 1;
    long lastSeq = 0;
    for (; round <= rounds && System.nanoTime() < end; round++) {
      recovery = new Recovery(replica, scratch);
      try {
        lastSeq = round(round == 1);
        Folders.delete(scratch);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("round " + round + " with seed " + seed, failure);
      }
    }
    System.out.println(
        "simulation: "
            + (round - 1)
            + " rounds, log up to "
            + lastSeq
            + ", "
            + replica.list().size()
            + " files, "
            + replica.totalBytes()
            + " bytes in the replica");
  }

  private long round(boolean isFirst) {
    Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
    long acknowledged;
    long held;
    try (ForkedJvm app = start()) {
      app.ask(random.nextInt(4) == 0 ? "each" : "open");
      if (isFirst) {
        app.ask("create");
      }
      acknowledged = disturb(app);
      if (random.nextBoolean()) {
        app.ask("stop");
        acknowledged = Long.parseLong(app.ask("insert 1"));
      }
      held = heldByReplica();
      if (ending == Ending.WAIT_THEN_SIGKILL) {
        recovery.awaitSeq(acknowledged);
        held = Math.max(held, acknowledged);
      }
      if (ending == Ending.CLOSE || ending == Ending.SIGTERM) {
        held = Math.max(held, acknowledged);
      }
      end(app, ending);
    }
    return compare(acknowledged, held);
  }

  private ForkedJvm start() {
    return Application.replicated(database, config);
  }

  /** Returns a sequence number whose commit was acknowledged. */
  private long disturb(ForkedJvm app) {
    app.ask(
        "start threads="
            + (1 + random.nextInt(4))
            + " seed="
            + random.nextInt(1 << 30)
            + " rows="
            + (1 + random.nextInt(12))
            + " size="
            + (1 << (4 + random.nextInt(11)))
            + " pause="
            + (random.nextInt(3) == 0 ? 0 : 200 + random.nextInt(5000))
            + " storm="
            + (5 + random.nextInt(100)));
    long acknowledged = 0;
    try (ForeignWriter foreign = foreignWriter()) {
      for (int step = 0; step < 3 + random.nextInt(6); step++) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(300)).toNanos());
        acknowledged = Long.parseLong(app.ask("insert 1 " + (1 + random.nextInt(9000))));
        if (random.nextInt(4) == 0) {
          app.ask("delete 1");
        }
      }
    }
    return acknowledged;
  }

  private ForeignWriter foreignWriter() {
    boolean isWanted = shell != null && random.nextBoolean();
    return isWanted
        ? ForeignWriter.start(shell, database, random.nextInt(1 << 30))
        : ForeignWriter.none();
  }

  private static void end(ForkedJvm app, Ending ending) {
    switch (ending) {
      case SIGKILL, WAIT_THEN_SIGKILL -> app.kill();
      case SIGTERM -> app.terminate(Duration.ofSeconds(60));
      case CLOSE -> app.exit();
    }
  }

  /** The last sequence number that the replica, as it is listed now, restores to. */
  private long heldByReplica() {
    if (replica.maxTxid() == 0) {
      return -1;
    }
    DirectoryReplica copy = replica.linkTo(scratch.resolve("kept-" + ++copyCount));
    return LedgerContent.of(restore(copy, List.of())).lastSeq();
  }

  private long compare(long acknowledged, long held) {
    DatabaseContent.settle(database);
    LedgerContent source = LedgerContent.of(database);
    require(source.lastSeq() >= acknowledged, "an acknowledged commit is lost at the source");
    if (held < 0 && replica.maxTxid() == 0) {
      // Killed before its first snapshot: there is nothing to compare yet.
      return source.lastSeq();
    }
    LedgerContent restored = recovery.ledger().isPrefixOf(source);
    require(
        restored.lastSeq() >= held,
        "the replica restores to " + restored.lastSeq() + " and held " + held);
    walk(source);
    checkOneTxid(source);
    return source.lastSeq();
  }

  /** Every state since the last round is a committed one, and none is older than the one before. */
  private void walk(LedgerContent source) {
    List<LtxObject> files =
        replica.list().stream()
            .filter(file -> file.minTxid() > walk.txid())
            .filter(file -> file.level() == 0 || file.minTxid() == 1)
            .sorted(Comparator.comparingLong(LtxObject::minTxid))
            .toList();
    long lastSeq = -1;
    for (int at = 0; at < files.size(); at++) {
      LtxObject file = files.get(at);
      walk.apply(replica.read(file), file.maxTxid());
      boolean isLookedAt = at % (1 + files.size() / STATES_A_ROUND) == 0;
      if (isLookedAt || at == files.size() - 1) {
        LedgerContent state = LedgerContent.of(walk.database()).isPrefixOf(source);
        require(state.lastSeq() >= lastSeq, "TXID " + file.maxTxidText() + " went back");
        lastSeq = state.lastSeq();
      }
    }
  }

  private void checkOneTxid(LedgerContent source) {
    List<LtxObject> l0 = replica.level(0);
    if (!l0.isEmpty()) {
      String txid = l0.get(random.nextInt(l0.size())).maxTxidText();
      LedgerContent.of(restore(replica, List.of("-txid", txid))).isPrefixOf(source);
    }
  }

  /** By either program: both must see the same. */
  private Path restore(DirectoryReplica from, List<String> options) {
    if (litestream == null || random.nextBoolean()) {
      Recovery own = new Recovery(from, scratch.resolve("own-" + ++copyCount));
      return options.isEmpty() ? own.restore() : own.restore(options.get(1));
    }
    Path output = Folders.create(scratch).resolve("litestream-" + ++copyCount + ".db");
    Command.Outcome outcome = litestream.restore(from, output, options.toArray(new String[0]));
    outcome.succeeded();
    return output;
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new AssertionError(complaint);
    }
  }
}
