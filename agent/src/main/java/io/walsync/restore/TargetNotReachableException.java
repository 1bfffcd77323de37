package io.walsync.restore;

import io.walsync.ltx.Txid;
import org.jspecify.annotations.Nullable;

/** No file of the replica is missing, but it does not have the state that was asked for. */
public final class TargetNotReachableException extends RestoreException {

  private static final long serialVersionUID = 1L;

  private final transient @Nullable Txid nearestBefore;
  private final transient @Nullable Txid nearestAfter;

  private TargetNotReachableException(
      String message, @Nullable Txid nearestBefore, @Nullable Txid nearestAfter) {
    super(message);
    this.nearestBefore = nearestBefore;
    this.nearestAfter = nearestAfter;
  }

  static TargetNotReachableException txid(
      Txid wanted, @Nullable Txid before, @Nullable Txid after) {
    StringBuilder message = new StringBuilder("TXID ").append(wanted).append(" is not available: ");
    if (after == null) {
      message.append("the newest is ").append(before);
    } else if (before == null) {
      message.append("the oldest is ").append(after);
    } else {
      message.append("the nearest are ").append(before).append(" and ").append(after);
    }
    return new TargetNotReachableException(message.toString(), before, after);
  }

  /** A state that somebody has given a name, in a replica that does not know the name. */
  public static TargetNotReachableException name(String name, String replicaUrl) {
    return new TargetNotReachableException(
        "there is no pin " + name + " in " + replicaUrl + " (walsync pins lists them)", null, null);
  }

  static TargetNotReachableException time(String wanted, Txid oldest, String oldestTime) {
    return new TargetNotReachableException(
        "no state before "
            + wanted
            + " is available: the oldest is "
            + oldest
            + " of "
            + oldestTime,
        null,
        oldest);
  }

  /** The newest available TXID below the one wanted, or null. */
  public @Nullable Txid nearestBefore() {
    return nearestBefore;
  }

  /** The oldest available TXID above the one wanted, or null. */
  public @Nullable Txid nearestAfter() {
    return nearestAfter;
  }
}
