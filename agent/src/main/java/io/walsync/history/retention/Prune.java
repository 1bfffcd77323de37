package io.walsync.history.retention;

import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Works out what no promise needs in a replica, and deletes nothing.
 *
 * <p>Threading: one thread.
 */
public final class Prune {

  /** What the store has had for less than this stays: restores that began before may read it. */
  public static final long GRACE_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private final ReplicaClient client;
  private final Restore restore;
  private final Policy policy;
  private final long graceMillis;
  private final Clock clock;

  public Prune(ReplicaClient client, Restore restore, Policy policy, Clock clock) {
    this(client, restore, policy, GRACE_MILLIS, clock);
  }

  Prune(ReplicaClient client, Restore restore, Policy policy, long graceMillis, Clock clock) {
    this.client = client;
    this.restore = restore;
    this.policy = policy;
    this.graceMillis = graceMillis;
    this.clock = clock;
  }

  /**
   * Works out what would be deleted; reads only. Costs a request a file where the store's listing
   * does not say when a state was committed, and a few for each snapshot.
   *
   * @throws IOException if the replica could not be read
   */
  public PrunePlan plan() throws IOException {
    List<LtxFileInfo> listed = new ArrayList<>();
    for (int level : LtxFileInfo.levels()) {
      listed.addAll(client.list(level, Txid.FIRST, true));
    }
    long storeMillis = client.storeMillis();
    long nowMillis = storeMillis == ReplicaClient.NO_TIME ? clock.millis() : storeMillis;
    OwnHistory history = OwnHistory.of(client, restore, listed);
    List<Pin> pins = new Pins(client, clock).list();
    List<Txid> pinned = new ArrayList<>();
    for (Pin pin : pins) {
      pinned.add(pin.txid());
    }
    KeepSet set =
        KeepSet.of(policy, history.own(), pinned, history.evidence(), nowMillis, graceMillis);
    String obstacle =
        storeMillis == ReplicaClient.NO_TIME
            ? "the store does not tell the time, so how old a file is cannot be known"
            : PrunePlan.check(client, listed, history, set);
    return new PrunePlan(listed, history, pins, set, obstacle);
  }
}
