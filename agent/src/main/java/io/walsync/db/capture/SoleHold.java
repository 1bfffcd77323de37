package io.walsync.db.capture;

import io.walsync.db.checkpoint.Pins;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalFile;
import io.walsync.db.tail.WalTail;
import io.walsync.files.DatabaseFile;
import java.io.File;
import java.io.IOException;

/**
 * A hold without a pin on the database of the sole connection, which then tells the count. Nobody
 * else can write the file, and the connection's checkpoints wait for the copy.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class SoleHold extends Hold {

  private final SoleConnection sole;

  private SoleHold(SoleConnection sole, File path, DatabaseFile file, WalFile wal)
      throws IOException {
    super(path, file, wal, new WalTail(wal, file.pageSize(), sole.count()), Pins.none(path));
    this.sole = sole;
  }

  /**
   * @throws IOException if the file was deleted a while ago
   */
  public static SoleHold beside(SoleConnection sole, File path, DatabaseFile file)
      throws IOException {
    return new SoleHold(sole, path, file, new WalFile(WalFile.pathOf(path)));
  }

  @Override
  public boolean isAlone() {
    return true;
  }

  @Override
  public boolean isOver() {
    return sole.isOver();
  }

  @Override
  public boolean isInDoubt() {
    return sole.count().isInDoubt();
  }

  @Override
  public boolean isProtected() {
    return true;
  }

  @Override
  public void requireUndisturbed() throws WalChangedException {
    if (sole.isOver() || !sole.count().isUndisturbed()) {
      throw new WalChangedException("the application has checkpointed while the file was read");
    }
  }
}
