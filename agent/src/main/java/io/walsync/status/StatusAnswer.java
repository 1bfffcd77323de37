package io.walsync.status;

import io.walsync.db.events.DbStatus;
import io.walsync.ltx.Txid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the command {@code status}, as it goes to the other process: one line, in which
 * {@link #LINE_END} stands for the end of a line and a tab between the cells of a row. It begins
 * with {@link #FINE} or {@link #TROUBLE} and a colon.
 */
public final class StatusAnswer {

  /** Every database is replicated. */
  public static final String FINE = "fine";

  /** One at least is not, or not yet. */
  public static final String TROUBLE = "trouble";

  /** Text with a line feed cannot be passed on. */
  public static final char LINE_END = '\u001e';

  private static final long MILLIS_PER_SECOND = 1_000;

  private StatusAnswer() {}

  /**
   * @param agent null before it has started
   * @param isJson whether for programs
   */
  public static String of(@Nullable AgentFacts agent, List<DbStatus> databases, boolean isJson) {
    boolean isFine = isFine(databases);
    String text =
        isJson
            ? StatusJson.of(agent, databases, isFine, databases.size()).replace('\n', LINE_END)
            : StatusRows.of(agent, databases);
    return (isFine ? FINE : TROUBLE) + ":" + text;
  }

  private static boolean isFine(List<DbStatus> databases) {
    boolean isFine = true;
    for (DbStatus database : databases) {
      isFine &= database.isFine();
    }
    return isFine;
  }

  /**
   * The form for programs, in lines.
   *
   * @param count of all databases, of which these are some
   */
  public static String json(@Nullable AgentFacts agent, List<DbStatus> databases, int count) {
    return StatusJson.of(agent, databases, isFine(databases), count);
  }

  /** Rounded up: 0 is said only if nothing waits. */
  static long seconds(long millis) {
    return (millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
  }

  static String txid(DbStatus database) {
    return database.uploadedTxid() == 0 ? "-" : Txid.of(database.uploadedTxid()).toString();
  }
}
