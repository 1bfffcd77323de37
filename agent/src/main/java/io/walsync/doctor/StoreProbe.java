package io.walsync.doctor;

import io.walsync.io.Reason;
import io.walsync.replica.NoteStore;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3ReplicaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Asks a store for what replication needs of it, with objects below {@code walsync/doctor-…} in the
 * replica, which are removed again. Where nothing can be removed one object is written and stays.
 */
public final class StoreProbe {

  /** Small writes that are timed: their median needs no more. */
  private static final int WRITES = 10;

  /** The keys are known, and may not do that; something else may be allowed. */
  private static final String DENIED = "AccessDenied";

  private static final byte[] CONTENT =
      "With this object the doctor of Walsync asks what the store allows. It may be deleted.\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final ReplicaClient client;
  private final LongSupplier millis;
  private final String prefix = "doctor-" + UUID.randomUUID() + "-";
  private final StoreFacts facts;
  private final List<String> written = new ArrayList<>();

  private interface Work {
    void run() throws IOException;
  }

  /**
   * @param client stays open
   */
  public StoreProbe(ReplicaClient client) {
    this(client, System::currentTimeMillis);
  }

  /**
   * @param client stays open
   * @param millis this machine's clock
   */
  StoreProbe(ReplicaClient client, LongSupplier millis) {
    this.client = client;
    this.millis = millis;
    this.facts = new StoreFacts(client.url());
  }

  public StoreFacts run() {
    NoteStore notes = client.notes();
    long before = millis.getAsLong();
    boolean isReachable = attempt(StoreFacts.LIST, () -> notes.names(""));
    long between = before + (millis.getAsLong() - before) / 2;
    long store = client.storeMillis();
    if (client instanceof S3ReplicaClient && store != ReplicaClient.NO_TIME) {
      facts.clockAheadMillis = between - store;
    }
    if (!isReachable) {
      return facts;
    }
    attempt(StoreFacts.WRITE, () -> write(notes, "first"));
    if (!facts.isDone(StoreFacts.WRITE)) {
      attempt(StoreFacts.READ, () -> notes.read(prefix + "none"));
      return facts;
    }
    attempt(StoreFacts.READ, () -> read(notes, "first"));
    attempt(StoreFacts.DELETE, () -> delete(notes, "first"));
    if (facts.isDone(StoreFacts.DELETE)) {
      time(notes);
      tryConditions();
      clean(notes);
    } else {
      facts.left = "walsync/" + prefix + "first";
      facts.fencingProblem = "what is written for it could not be removed";
    }
    return facts;
  }

  /**
   * Notes how it ended.
   *
   * @return whether the store can be asked for more
   */
  private boolean attempt(String verb, Work work) {
    try {
      work.run();
      facts.outcomes.put(verb, "");
      return true;
    } catch (IOException | RuntimeException e) {
      facts.outcomes.put(verb, Reason.of(e));
      return e instanceof S3ReplicaException && DENIED.equals(((S3ReplicaException) e).code());
    }
  }

  private void write(NoteStore notes, String name) throws IOException {
    written.add(name);
    if (!notes.create(prefix + name, CONTENT)) {
      throw new ReplicaException("the store says that a name of its own choice is taken", true);
    }
  }

  private void read(NoteStore notes, String name) throws IOException {
    if (!Arrays.equals(notes.read(prefix + name), CONTENT)) {
      throw new ReplicaException("what was read is not what was written a moment before", true);
    }
  }

  private void delete(NoteStore notes, String name) throws IOException {
    notes.delete(prefix + name);
    if (notes.read(prefix + name) != null) {
      throw new ReplicaException(
          "the store said that the object is deleted, and it is there", true);
    }
    written.remove(name);
  }

  private void time(NoteStore notes) {
    long[] nanos = new long[WRITES];
    for (int i = 0; i < WRITES; i++) {
      try {
        long start = System.nanoTime();
        write(notes, "timed-" + i);
        nanos[i] = System.nanoTime() - start;
      } catch (IOException | RuntimeException e) {
        facts.outcomes.put(
            StoreFacts.WRITE, "at the write number " + (i + 2) + ": " + Reason.of(e));
        return;
      }
    }
    Arrays.sort(nanos);
    facts.medianWriteNanos = nanos[WRITES / 2];
  }

  private void tryConditions() {
    if (!(client instanceof S3ReplicaClient)) {
      return;
    }
    String name = "conditions";
    written.add(name);
    try {
      facts.fencing = ((S3ReplicaClient) client).tryConditions(prefix + name);
    } catch (IOException | RuntimeException e) {
      facts.fencingProblem = Reason.of(e);
    }
  }

  private void clean(NoteStore notes) {
    for (String name : written) {
      try {
        notes.delete(prefix + name);
      } catch (IOException | RuntimeException e) {
        facts.left = "walsync/" + prefix + name;
      }
    }
  }
}
