package io.walsync.it.harness;

import io.walsync.testkit.Await;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The day after: restores a replica into files of its own, each time a new one, with the jar's own
 * command.
 */
public final class Recovery {

  /** How long a commit may take until it is restorable, on a machine that does other work too. */
  private static final Duration ARRIVAL_DEADLINE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(20);

  private final Replica replica;
  private final Path folder;
  private int count;

  public Recovery(Replica replica, Path folder) {
    this.replica = replica;
    this.folder = folder;
  }

  /** Restores the latest state into a new file. */
  public Path restore() {
    Path output = newFile();
    RestoreCommand.from(replica).to(output).succeeded();
    return output;
  }

  /** Restores the state at one TXID into a new file. */
  public Path restore(String txid) {
    Path output = newFile();
    RestoreCommand.from(replica).txid(txid).to(output).succeeded();
    return output;
  }

  public LedgerContent ledger() {
    return LedgerContent.of(restore());
  }

  /**
   * Waits until the replica restores to a ledger that reaches a sequence number; every state seen
   * on the way must be a committed one. Returns the restored file.
   */
  public Path awaitSeq(long seq) {
    AtomicLong seenTxid = new AtomicLong();
    AtomicLong seenSeq = new AtomicLong(-1);
    AtomicReference<Path> restored = new AtomicReference<>();
    Await.until(
        () -> {
          long txid = replica.maxTxid();
          if (seenTxid.getAndSet(txid) != txid) {
            restored.set(restore());
            seenSeq.set(LedgerContent.of(restored.get()).lastSeq());
          }
          return seenSeq.get() >= seq;
        },
        LOOK,
        ARRIVAL_DEADLINE,
        () ->
            replica.url()
                + " restores to "
                + seenSeq
                + " and not to "
                + seq
                + "; its files: "
                + replica.list());
    return restored.get();
  }

  public Path awaitSeq(String seq) {
    return awaitSeq(Long.parseLong(seq));
  }

  /** Waits until the replica can be restored at all. */
  public void awaitFirst() {
    Await.until(
        () -> replica.maxTxid() > 0,
        LOOK,
        ARRIVAL_DEADLINE,
        () -> "something arrives at " + replica.url());
  }

  private Path newFile() {
    return Folders.create(folder).resolve("restored-" + ++count + ".db");
  }
}
