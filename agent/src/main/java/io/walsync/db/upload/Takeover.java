package io.walsync.db.upload;

import io.walsync.io.Clock;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Owner;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes this process the owner of a replica before it has the database: whatever a predecessor that
 * may be alive uploads from then on is refused, so what is restored next is the newest state there
 * will be. The protocol is that of {@link Fence}.
 *
 * <p>Threading: one thread.
 */
public final class Takeover {

  private final ReplicaClient client;
  private final Clock clock;
  private final Fence fence;

  public Takeover(ReplicaClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.fence = new Fence(clock);
  }

  /** To be called before the replica is listed. */
  public void look() throws IOException {
    fence.look(client);
  }

  /**
   * Takes the replica over if somebody else may own it; nothing is written otherwise.
   *
   * @param newest the file of which the listing's newest state is
   * @return false if somebody else was faster: to be looked at and listed again
   */
  public boolean takeOver(LtxFileInfo newest) throws IOException {
    if (!fence.isForeign()) {
      return true;
    }
    fence.listed(newest.maxTxid().value());
    EmptyFile file = EmptyFile.behind(client, newest, clock);
    fence.sending(client, file.info());
    try {
      file.write(client, fence.epoch());
      fence.stored(client, file.info());
      return true;
    } catch (LtxFileConflictException | TakenOverException | OutdatedListingException e) {
      return false;
    }
  }

  /** In words, whom we have succeeded and who may be alive; null for nobody. */
  public @Nullable String predecessor() {
    Owner owner = fence.takePredecessor();
    return owner == null ? null : owner.describe();
  }
}
