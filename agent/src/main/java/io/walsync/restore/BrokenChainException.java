package io.walsync.restore;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import org.jspecify.annotations.Nullable;

/** Files are missing between those the replica holds, so that later ones cannot be applied. */
public final class BrokenChainException extends RestoreException {

  private static final long serialVersionUID = 1L;

  private final transient Txid firstMissing;
  private final transient Txid lastMissing;
  private final transient @Nullable LtxFileInfo before;
  private final transient LtxFileInfo after;

  /**
   * @param before the last file of the chain, or null if not even its first is there
   * @param after the first file beyond the gap
   */
  BrokenChainException(@Nullable LtxFileInfo before, LtxFileInfo after) {
    super(message(before, after));
    this.before = before;
    this.after = after;
    firstMissing = firstMissing(before);
    lastMissing = lastMissing(after);
  }

  private static Txid firstMissing(@Nullable LtxFileInfo before) {
    return before == null ? Txid.FIRST : before.maxTxid().next();
  }

  private static Txid lastMissing(LtxFileInfo after) {
    return Txid.of(after.minTxid().value() - 1);
  }

  private static String message(@Nullable LtxFileInfo before, LtxFileInfo after) {
    String missing = "TXIDs " + firstMissing(before) + " to " + lastMissing(after);
    return before == null
        ? "no file of the replica begins at TXID 1: " + missing + " are missing before " + after
        : missing + " are missing: " + before + " ends before them, " + after + " begins after";
  }

  public Txid firstMissing() {
    return firstMissing;
  }

  public Txid lastMissing() {
    return lastMissing;
  }

  /** The file the chain reaches, or null if nothing begins at TXID 1. */
  public @Nullable LtxFileInfo before() {
    return before;
  }

  /** The file that cannot be applied. */
  public LtxFileInfo after() {
    return after;
  }
}
