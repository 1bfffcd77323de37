package io.walsync.it.torture;

/** What was done, for the report: a run that hit nothing proves nothing. */
final class Tally {

  /** Lives of databases played to their end. */
  long lives;

  /** How long they took, with those that failed. */
  long millis;

  /** States of replicas held against a history. */
  long txids;

  /** Those of them, and restored ones, that were proved row by row. */
  long proofs;

  /** By the restore command of either program. */
  long restores;

  /** Kills and stops of a process that wrote. */
  long strikes;

  /** Those after which the WAL held a commit that SQLite had not counted. */
  long hits;

  void add(Tally other) {
    lives += other.lives;
    millis += other.millis;
    txids += other.txids;
    proofs += other.proofs;
    restores += other.restores;
    strikes += other.strikes;
    hits += other.hits;
  }

  @Override
  public String toString() {
    return lives
        + " lives in "
        + millis / 1000
        + " s, "
        + strikes
        + " kills and stops ("
        + hits
        + " inside a commit), "
        + txids
        + " TXIDs, "
        + proofs
        + " proved row by row, "
        + restores
        + " restored";
  }
}
