package io.walsync.db.upload;

import io.walsync.db.lineage.Inventory;
import io.walsync.db.lineage.Rebuild;
import io.walsync.replica.LtxFileInfo;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a request to the store led to; one of the classes below.
 *
 * <p>Threading: immutable, made on an upload thread.
 */
public abstract class Outcome {

  private Outcome() {}

  /** Tells the dialogue, which decides what follows. */
  abstract Answer tell(Replicator replicator) throws IOException;

  /** The store has a file. */
  static final class Stored extends Outcome {

    final LtxFileInfo file;

    /** Where the replica is; null if that was not looked at. */
    final @Nullable String place;

    /** What is recorded beside the file, see {@link io.walsync.replica.LtxSource}. */
    final long databaseChecksum;

    final long epoch;

    /** What was sent; null if it is large. */
    final byte @Nullable [] content;

    Stored(
        LtxFileInfo file,
        @Nullable String place,
        long databaseChecksum,
        long epoch,
        byte @Nullable [] content) {
      this.file = file;
      this.place = place;
      this.databaseChecksum = databaseChecksum;
      this.epoch = epoch;
      this.content = content;
    }

    @Override
    Answer tell(Replicator replicator) throws IOException {
      return replicator.stored(this);
    }
  }

  /** The replica was listed. */
  static final class Listed extends Outcome {

    final Inventory inventory;

    Listed(Inventory inventory) {
      this.inventory = inventory;
    }

    @Override
    Answer tell(Replicator replicator) throws IOException {
      return replicator.listed(inventory);
    }
  }

  /** The replica was read back. */
  static final class ReadBack extends Outcome {

    final Rebuild.Result rebuilt;

    ReadBack(Rebuild.Result rebuilt) {
      this.rebuilt = rebuilt;
    }

    @Override
    Answer tell(Replicator replicator) throws IOException {
      return replicator.readBack(rebuilt);
    }
  }

  /** The request failed. */
  public static final class Failed extends Outcome {

    public final IOException cause;

    Failed(IOException cause) {
      this.cause = cause;
    }

    @Override
    Answer tell(Replicator replicator) throws IOException {
      return replicator.failed(cause);
    }
  }
}
