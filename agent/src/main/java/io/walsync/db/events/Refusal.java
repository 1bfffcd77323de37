package io.walsync.db.events;

import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import java.io.IOException;

/**
 * Why a database is not replicated to its replica until somebody acts: a code for programs, and for
 * people what happened, that nothing was touched, and what to do.
 */
public final class Refusal {

  /** The kinds of it. */
  public enum Code {
    /** Somebody else writes the replica. */
    FENCED,
    /** There is no local state, and the replica cannot be read back. */
    UNREADABLE,
    /** The database is an older state of what the replica holds. */
    BEHIND,
    /** The replica holds another database. */
    ANOTHER_DATABASE,
    /** A power cut took the last commits, and {@code behind: refuse} is configured. */
    CUT_OFF,
    /** It cannot be told whether it comes from the newest state, and `behind: refuse` is set. */
    UNDECIDED,
    /** An earlier start has refused the database, and nobody has acted since. */
    AS_BEFORE
  }

  /** A restore in the database's place takes away what is committed from now on. */
  private static final String KEEP =
      "What is committed to this database from now on exists nowhere else: before you restore over"
          + " it, stop the application and keep a copy of it first. ";

  private static final String BEHIND_ADVICE =
      "To go on from the replica's newest state, restore it; to go back to"
          + " an older one, restore that with -as-newest; to keep this database as it is, configure"
          + " another replica path";

  private static final String FENCED = "fenced: ";

  private final Code code;
  private final String text;
  private final String laterText;
  private final long cutAfterTxid;
  private long undecidedAfterTxid = -1;

  private Refusal(Code code, String text) {
    this(code, text, text, 0);
  }

  private Refusal(Code code, String text, String laterText, long cutAfterTxid) {
    this.code = code;
    this.text = text;
    this.laterText = laterText;
    this.cutAfterTxid = cutAfterTxid;
  }

  public static Refusal fenced(IOException conflict) {
    return new Refusal(
        Code.FENCED,
        FENCED
            + Reason.of(conflict)
            + ". Somebody else writes this replica; nothing of theirs is overwritten. "
            + KEEP
            + "To go on from what the other wrote, stop it and restore the newest state here; to keep"
            + " this database as it is, configure another replica path");
  }

  /** Somebody has deleted what says who owns the replica: see {@code walsync/owner.json}. */
  public static Refusal ownerGone(IOException failure) {
    return new Refusal(
        Code.FENCED,
        FENCED
            + Reason.of(failure)
            + ". Whether somebody else writes this replica cannot be known, so nothing more is written"
            + " there. If nobody else does, start the application again, or run: walsync reload; what"
            + " waits here is uploaded then. If somebody does, stop one of the two first");
  }

  public static Refusal unreadable(IOException failure) {
    return new Refusal(
        Code.UNREADABLE,
        "there is no local state and the replica cannot be read back: "
            + Reason.of(failure)
            + ". Nothing was changed; repair the replica or configure another replica path");
  }

  /**
   * @param txid of the newest state that the database is, or came from
   * @param newestTxid of the replica
   */
  public static Refusal behind(String replicaUrl, long txid, long newestTxid) {
    return new Refusal(
        Code.BEHIND,
        behind(replicaUrl, txid, " to TXID " + Txid.of(newestTxid)),
        behind(replicaUrl, txid, ""),
        0);
  }

  private static String behind(String replicaUrl, long txid, String upTo) {
    return "the database is behind its replica: it is the state of TXID "
        + Txid.of(txid)
        + ", or what became of it; "
        + replicaUrl
        + " has gone on"
        + upTo
        + ". Neither was touched. "
        + KEEP
        + BEHIND_ADVICE;
  }

  /**
   * @param newestTxid of the replica
   */
  public static Refusal onAnotherLine(String replicaUrl, long newestTxid) {
    return new Refusal(
        Code.BEHIND,
        "the database is not what became of TXID "
            + Txid.of(newestTxid)
            + ", the newest in "
            + replicaUrl
            + ": SQLite has counted fewer changes of it. It is an older copy that was written, and"
            + " another machine may have gone on. Neither was touched. "
            + KEEP
            + BEHIND_ADVICE);
  }

  /**
   * @param txid after which nothing tells
   * @param newestTxid of the replica
   */
  public static Refusal undecided(String replicaUrl, long txid, long newestTxid) {
    Refusal refusal =
        new Refusal(
            Code.UNDECIDED,
            undecidedText(txid, newestTxid)
                + ", and `behind: refuse` is configured. Neither the database nor "
                + replicaUrl
                + " was touched. "
                + KEEP
                + "To see what they differ in, "
                + copyAdvice(newestTxid)
                + ". To go on from the replica, restore its newest state; to go on from the"
                + " database, configure `behind: continue`");
    refusal.undecidedAfterTxid = txid;
    return refusal;
  }

  /** What is not known, in words: the beginning of a sentence. */
  static String undecidedText(long txid, long newestTxid) {
    return "it was written while it was not replicated, and nothing shows whether it comes from TXID "
        + (txid + 1 == newestTxid
            ? Txid.of(newestTxid).toString()
            : Txid.of(txid + 1) + " to " + Txid.of(newestTxid))
        + " of the replica or from an older state";
  }

  static String copyAdvice(long newestTxid) {
    return "restore -txid " + Txid.of(newestTxid) + " -o FILE and compare";
  }

  /**
   * @param sign by which that was found
   */
  public static Refusal anotherDatabase(String replicaUrl, String sign) {
    return new Refusal(
        Code.ANOTHER_DATABASE,
        replicaUrl
            + " holds another database: "
            + sign
            + ", and nothing on this machine says that this database was ever replicated there. Neither"
            + " was touched. "
            + KEEP
            + "If the application began with an empty database because nothing was"
            + " restored, restore it; to replicate this database, configure another replica path");
  }

  /**
   * @param txid after which the database ends
   * @param newestTxid of the replica
   */
  public static Refusal cutOff(String replicaUrl, long txid, long newestTxid) {
    String text =
        "the machine went down before the last commits were on its disk, and `behind: refuse` is"
            + " configured: the database ends after TXID "
            + Txid.of(txid)
            + ", "
            + replicaUrl
            + " at TXID "
            + Txid.of(newestTxid)
            + ". Neither was touched. "
            + KEEP
            + "To go on from the replica, restore its newest state; to go on from"
            + " the database, configure `behind: continue`";
    return new Refusal(Code.CUT_OFF, text, text, txid);
  }

  /**
   * @param text of the earlier refusal, as {@link #laterText} gave it
   */
  public static Refusal asBefore(String text) {
    return new Refusal(Code.AS_BEFORE, text);
  }

  /**
   * A copy that names who has last taken the replica over.
   *
   * @param owner empty if that is not known, or nobody else has
   */
  public Refusal writtenBy(String owner) {
    if (owner.isEmpty() || code == Code.AS_BEFORE) {
      return this;
    }
    String sentence = ". The replica was last taken over by " + owner;
    Refusal told = new Refusal(code, text + sentence, laterText + sentence, cutAfterTxid);
    told.undecidedAfterTxid = undecidedAfterTxid;
    return told;
  }

  public Code code() {
    return code;
  }

  /** Whether somebody else writes the replica, as found now or at an earlier start. */
  public boolean isFenced() {
    return code == Code.FENCED || text.startsWith(FENCED);
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** As {@link #text}, without what will have changed by a later start. */
  public String laterText() {
    return laterText;
  }

  /** The TXID after which a power cut has cut the database off; 0 if none has. */
  public long cutAfterTxid() {
    return cutAfterTxid;
  }

  /** The TXID after which nothing tells whether the database has it; -1 if that is told. */
  public long undecidedAfterTxid() {
    return undecidedAfterTxid;
  }

  @Override
  public String toString() {
    return code + ": " + text;
  }
}
