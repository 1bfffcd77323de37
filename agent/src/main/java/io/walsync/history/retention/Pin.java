package io.walsync.history.retention;

import io.walsync.ltx.Txid;

/** A named state of a database that outlives every policy. Immutable. */
public final class Pin {

  private final String name;
  private final Txid txid;
  private final long stateMillis;
  private final long madeMillis;

  Pin(String name, Txid txid, long stateMillis, long madeMillis) {
    this.name = name;
    this.txid = txid;
    this.stateMillis = stateMillis;
    this.madeMillis = madeMillis;
  }

  public String name() {
    return name;
  }

  public Txid txid() {
    return txid;
  }

  /** Time of the state's commit; milliseconds since the Unix epoch. */
  public long stateMillis() {
    return stateMillis;
  }

  /** When it was made, by the store's clock or else that of the machine. */
  public long madeMillis() {
    return madeMillis;
  }
}
