package io.walsync.it.torture;

import io.walsync.it.harness.LedgerContent;
import java.util.ArrayList;
import java.util.List;

/**
 * The states that a database had, in their order, as SQLite gave them. A database that lost its
 * last commits, to a power cut or to an older copy, goes on along another branch; what stood on the
 * branch before stays a state that it had.
 */
final class History {

  /** The first sequence number of which the branch knows, and all that it had at its end. */
  private record Branch(long from, LedgerContent ledger) {}

  /** A state's place in the order. */
  record Place(int branch, long seq) {

    static final Place BEFORE_ALL = new Place(0, -1);

    boolean isBefore(Place other) {
      return branch < other.branch || branch == other.branch && seq < other.seq;
    }
  }

  private final List<Branch> branches = new ArrayList<>();

  /** What the database is now; it must hold all that it held. */
  void record(LedgerContent now) {
    if (branches.isEmpty()) {
      branches.add(new Branch(-1, now));
      return;
    }
    Branch last = branches.get(branches.size() - 1);
    last.ledger().isPrefixOf(now);
    branches.set(branches.size() - 1, new Branch(last.from(), now));
  }

  /** The database was made to be this, an older state of its own. */
  void goBackTo(LedgerContent older) {
    older.isPrefixOf(branches.get(branches.size() - 1).ledger());
    branches.add(new Branch(older.lastSeq(), older));
  }

  LedgerContent latest() {
    return branches.get(branches.size() - 1).ledger();
  }

  /**
   * Where a state stands that is not before another one; fails if the database never had it, or had
   * it only earlier.
   *
   * @param hash of the last row of the log; ignored for an empty database
   */
  Place find(String what, long seq, long hash, Place notBefore) {
    boolean isEarlier = false;
    for (int index = 0; index < branches.size(); index++) {
      Branch branch = branches.get(index);
      boolean isHere = seq >= branch.from() && seq <= branch.ledger().lastSeq();
      if (isHere && (seq < 0 || isCommit(branch.ledger(), seq, hash))) {
        Place place = new Place(index, seq);
        if (!place.isBefore(notBefore)) {
          return place;
        }
        isEarlier = true;
      }
    }
    throw new AssertionError(
        what
            + ", log up to "
            + seq
            + (isEarlier
                ? ", is an older state than the one before it, " + notBefore
                : ", is a state that the database never had; it went to "
                    + latest().lastSeq()
                    + (seq >= 0 && seq <= latest().lastSeq() ? ", with another row " + seq : "")));
  }

  private static boolean isCommit(LedgerContent ledger, long seq, long hash) {
    return ledger.hash(seq) == hash && ledger.isCommit(seq);
  }
}
