package io.walsync.it.harness;

import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The day after: restores a replica into files of its own, each time a new one, with the jar's own
 * command.
 */
public final class Recovery {

  /** How long a commit may take until it is restorable, on a machine that does other work too. */
  private static final Duration ARRIVAL_DEADLINE = Duration.ofSeconds(30);

  private static final long LOOK_MILLIS = 20;

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
    long deadline = System.nanoTime() + ARRIVAL_DEADLINE.toNanos();
    long seenTxid = 0;
    long seenSeq = -1;
    while (System.nanoTime() < deadline) {
      long txid = replica.maxTxid();
      if (txid == seenTxid) {
        pause();
        continue;
      }
      seenTxid = txid;
      Path restored = restore();
      seenSeq = LedgerContent.of(restored).lastSeq();
      if (seenSeq >= seq) {
        return restored;
      }
    }
    throw new AssertionError(
        "after "
            + ARRIVAL_DEADLINE
            + " "
            + replica.url()
            + " restores to "
            + seenSeq
            + " and not to "
            + seq
            + "; its files: "
            + replica.list());
  }

  public Path awaitSeq(String seq) {
    return awaitSeq(Long.parseLong(seq));
  }

  /** Waits until the replica can be restored at all. */
  public void awaitFirst() {
    long deadline = System.nanoTime() + ARRIVAL_DEADLINE.toNanos();
    while (replica.maxTxid() == 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("nothing arrived at " + replica.url());
      }
      pause();
    }
  }

  private Path newFile() {
    return Folders.create(folder).resolve("restored-" + ++count + ".db");
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
