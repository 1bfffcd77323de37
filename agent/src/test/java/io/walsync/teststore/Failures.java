package io.walsync.teststore;

import io.walsync.history.Proof;
import io.walsync.history.ProvedState;
import io.walsync.ltx.Txid;
import io.walsync.restore.RestoreException;
import java.util.ArrayList;
import java.util.List;

/** What a proof could not prove, in the order in which it was told. */
public final class Failures implements Proof.Findings {

  private final List<Txid> txids = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();

  public List<Txid> txids() {
    return txids;
  }

  public List<String> reasons() {
    return reasons;
  }

  @Override
  public void proved(ProvedState state) {}

  @Override
  public void failed(Txid txid, RestoreException reason) {
    txids.add(txid);
    reasons.add(reason.getMessage());
  }
}
