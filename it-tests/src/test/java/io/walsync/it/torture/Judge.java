package io.walsync.it.torture;

import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.StateWalk;
import io.walsync.testkit.Command;
import io.walsync.testkit.Folders;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds a replica to the history of its database: every TXID is a state that the database had, no
 * TXID is older than the one before, times do not run backwards, a restore by either program gives
 * what the files say.
 */
final class Judge {

  /** About how many of the new states of one judgement are looked at closely. */
  private static final int PROOFS_A_JUDGEMENT = 12;

  /** Larger snapshots are applied by the restore command, since the walk reads files whole. */
  private static final long WALKED_BYTES = 64L << 20;

  private static final int TIMESTAMP_OFFSET = 32;

  private final DirectoryReplica replica;
  private final History history;
  private final Ballast ballast;
  private final Path folder;
  private final Random random;
  private final Tally tally;
  private final Litestream litestream = Litestream.ifPresent();

  /** What each TXID restores to, as far as was walked. */
  private final TreeMap<Long, History.Place> places = new TreeMap<>();

  private final Set<String> snapshots = new HashSet<>();
  private StateWalk walk;
  private History.Place floor = History.Place.BEFORE_ALL;
  private long deletedTxid;
  private long lastMillis;
  private int fileCount;

  Judge(
      DirectoryReplica replica,
      History history,
      Ballast ballast,
      Path folder,
      Random random,
      Tally tally) {
    this.replica = replica;
    this.history = history;
    this.ballast = ballast;
    this.folder = Folders.create(folder);
    this.random = random;
    this.tally = tally;
    this.walk = newWalk();
  }

  /** The files of the replica now; to be taken before the history is brought up to date. */
  List<LtxObject> look() {
    return replica.list();
  }

  /** Judges what {@link #look} found since the last time. */
  void judge(List<LtxObject> files) {
    if (files.isEmpty()) {
      return;
    }
    walk(files);
    checkSnapshots(files);
    restorable(files)
        .ifPresent(
            txids -> {
              boolean isNewest = random.nextBoolean();
              checkRestore(txids.get(isNewest ? txids.size() - 1 : random.nextInt(txids.size())));
            });
  }

  /** Only the states in the files, not what a command restores; returns the newest log row. */
  long walk(List<LtxObject> files) {
    if (maxTxid(files) < walk.txid()) {
      // Begun again.
      walk = newWalk();
      places.clear();
    }
    List<LtxObject> fresh = fresh(files);
    int stride = 1 + fresh.size() / PROOFS_A_JUDGEMENT;
    for (int at = 0; at < fresh.size(); at++) {
      LtxObject file = fresh.get(at);
      apply(file);
      checkTime(file);
      boolean isProved = at % stride == random.nextInt(stride) || at == fresh.size() - 1;
      place(file.maxTxid(), isProved);
    }
    return floor.seq();
  }

  /**
   * A file was taken away by somebody else: what needs it cannot be restored until there is a
   * snapshot behind it.
   */
  void deleted(LtxObject file) {
    deletedTxid = Math.max(deletedTxid, file.maxTxid());
  }

  /** The newest state that the replica has, by our own command, proved as a whole. */
  LedgerContent newest() {
    Path restored = newFile();
    RestoreCommand.from(replica).to(restored).succeeded();
    return proved(restored);
  }

  /** Fails unless a file is a committed state through and through. */
  LedgerContent proved(Path file) {
    LedgerContent content = LedgerContent.of(file);
    ballast.check(file, content);
    tally.proofs++;
    return content;
  }

  /** Files that lead on from where the walk is, in the order in which they apply. */
  private List<LtxObject> fresh(List<LtxObject> files) {
    List<LtxObject> chain = new ArrayList<>();
    long txid = walk.txid();
    while (true) {
      long from = txid;
      Optional<LtxObject> next =
          files.stream().filter(file -> file.minTxid() == from + 1 && from > 0).findFirst();
      if (next.isEmpty()) {
        next =
            files.stream()
                .filter(file -> file.isSnapshot() && file.maxTxid() > from)
                .min(Comparator.comparingLong(LtxObject::maxTxid));
      }
      if (next.isEmpty()) {
        return chain;
      }
      chain.add(next.get());
      txid = next.get().maxTxid();
    }
  }

  private void apply(LtxObject file) {
    if (file.sizeBytes() > WALKED_BYTES && file.isSnapshot()) {
      Folders.deleteDatabase(walk.database());
      RestoreCommand.from(replica).txid(file.maxTxidText()).to(walk.database()).succeeded();
      walk = new StateWalk(walk.database(), file.maxTxid());
    } else {
      walk.apply(replica.read(file), file.maxTxid());
    }
  }

  private void checkTime(LtxObject file) {
    long millis = ByteBuffer.wrap(replica.head(file, 100)).getLong(TIMESTAMP_OFFSET);
    if (millis < lastMillis && !file.isSnapshot()) {
      throw new AssertionError(
          "TXID "
              + file.maxTxidText()
              + " is "
              + (lastMillis - millis)
              + " ms before the one before");
    }
    lastMillis = Math.max(millis, lastMillis);
  }

  /**
   * @param isProved looked at closely; otherwise only its log is held against the history
   */
  private void place(long txid, boolean isProved) {
    String what = "TXID " + String.format("%016x", txid);
    long[] end = isProved ? end(proved(walk.database())) : end(walk.database(), what);
    floor = history.find(what, end[0], end[1], floor);
    places.put(txid, floor);
    tally.txids++;
  }

  /** A snapshot that came later must be what the files before it made of the same TXID. */
  private void checkSnapshots(List<LtxObject> files) {
    for (LtxObject file : files) {
      boolean isNew = file.isSnapshot() && snapshots.add(file.key());
      if (isNew && places.containsKey(file.maxTxid()) && file.sizeBytes() <= WALKED_BYTES) {
        StateWalk alone = newWalk();
        alone.apply(replica.read(file), file.maxTxid());
        String what = "the snapshot at TXID " + file.maxTxidText();
        long[] end = end(proved(alone.database()));
        History.Place place = places.get(file.maxTxid());
        if (place.seq() != end[0]) {
          throw new AssertionError(what + " is " + end[0] + ", its other files say " + place);
        }
        history.find(what, end[0], end[1], History.Place.BEFORE_ALL);
        Folders.deleteDatabase(alone.database());
      }
    }
  }

  /** The TXIDs that must be restorable, with all that was deleted. */
  private Optional<List<Long>> restorable(List<LtxObject> files) {
    OptionalLong from =
        files.stream()
            .filter(file -> file.isSnapshot() && file.maxTxid() >= deletedTxid)
            .mapToLong(LtxObject::maxTxid)
            .min();
    List<Long> txids =
        from.isPresent() ? List.copyOf(places.tailMap(from.getAsLong()).keySet()) : List.of();
    return txids.isEmpty() ? Optional.empty() : Optional.of(txids);
  }

  private static long[] end(LedgerContent content) {
    return new long[] {
      content.lastSeq(), content.lastSeq() < 0 ? 0 : content.hash(content.lastSeq())
    };
  }

  /** The last row of the log, which must stand on all before it and end a transaction. */
  private static long[] end(Path file, String what) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT count(*) FROM sqlite_master WHERE name = 'log'")) {
        if (!row.next() || row.getInt(1) == 0) {
          return new long[] {-1, 0};
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT seq, hash, remaining, (SELECT count(*) FROM log) FROM log"
                  + " ORDER BY seq DESC LIMIT 1")) {
        if (!row.next() || row.getLong(4) != row.getLong(1) + 1 || row.getInt(3) != 0) {
          throw new AssertionError(what + " has rows missing in the log, or half a transaction");
        }
        return new long[] {row.getLong(1), row.getLong(2)};
      }
    } catch (SQLException e) {
      throw new AssertionError(what + " is no readable database", e);
    }
  }

  /** Both programs must restore a TXID to what the walk found there. */
  private void checkRestore(long txid) {
    Path output = newFile();
    String text = String.format("%016x", txid);
    Command.Outcome outcome =
        litestream != null && random.nextInt(4) == 0
            ? litestream.restore(replica, output, "-txid", text)
            : RestoreCommand.from(replica).txid(text).to(output);
    if (outcome.exitCode() != 0) {
      throw new AssertionError("TXID " + text + " is not restorable: " + outcome.output());
    }
    long seq = proved(output).lastSeq();
    tally.restores++;
    if (seq != places.get(txid).seq()) {
      throw new AssertionError(
          "TXID " + text + " restores to " + seq + " and its files say " + places.get(txid));
    }
    Folders.deleteDatabase(output);
  }

  private StateWalk newWalk() {
    return new StateWalk(newFile());
  }

  private Path newFile() {
    return folder.resolve("state-" + ++fileCount + ".db");
  }

  static long maxTxid(List<LtxObject> files) {
    return files.stream().mapToLong(LtxObject::maxTxid).max().orElse(0);
  }
}
