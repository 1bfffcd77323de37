package io.walsync.hook;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The kind of each prepared statement of one connection, by its native pointer: an open-addressing
 * table, since it is asked on every commit. Statements that may write are not in it; they are the
 * default.
 *
 * <p>Threading: under the connection's monitor.
 */
@SuppressWarnings("EnumOrdinal") // a byte for each statement, in memory alone
final class StatementKinds {

  private static final int INITIAL_SLOTS = 32;
  private static final SqlKind[] KINDS = SqlKind.values();
  private static final long FREE = 0;

  private long[] statements = new long[INITIAL_SLOTS];
  private byte[] kinds = new byte[INITIAL_SLOTS];
  private int size;

  /** Statements that were prepared before the agent came and have not run since. */
  private Set<Long> unread = Collections.emptySet();

  /** Notes statements that were prepared before the agent came. */
  void expect(Collection<Long> statements) {
    unread = new HashSet<>(statements);
  }

  boolean isAnyUnread() {
    return !unread.isEmpty();
  }

  boolean isUnread(long statement) {
    return !unread.isEmpty() && unread.contains(statement);
  }

  void put(long statement, SqlKind kind) {
    if (!unread.isEmpty()) {
      unread.remove(statement);
    }
    remove(statement);
    if (kind == SqlKind.WRITE || statement == FREE) {
      return;
    }
    if ((size + 1) * 2 > statements.length) {
      grow();
    }
    int slot = slotOf(statement);
    statements[slot] = statement;
    kinds[slot] = (byte) kind.ordinal();
    size++;
  }

  SqlKind get(long statement) {
    int slot = slotOf(statement);
    return statements[slot] == statement && statement != FREE ? KINDS[kinds[slot]] : SqlKind.WRITE;
  }

  void remove(long statement) {
    int slot = slotOf(statement);
    if (statement == FREE || statements[slot] != statement) {
      return;
    }
    size--;
    int mask = statements.length - 1;
    int hole = slot;
    for (int next = slot + 1 & mask; statements[next] != FREE; next = next + 1 & mask) {
      int home = homeOf(statements[next]);
      boolean isMovable = hole <= next ? home <= hole || home > next : home <= hole && home > next;
      if (isMovable) {
        statements[hole] = statements[next];
        kinds[hole] = kinds[next];
        hole = next;
      }
    }
    statements[hole] = FREE;
  }

  private void grow() {
    long[] oldStatements = statements;
    byte[] oldKinds = kinds;
    statements = new long[oldStatements.length * 2];
    kinds = new byte[statements.length];
    for (int i = 0; i < oldStatements.length; i++) {
      if (oldStatements[i] != FREE) {
        int slot = slotOf(oldStatements[i]);
        statements[slot] = oldStatements[i];
        kinds[slot] = oldKinds[i];
      }
    }
  }

  private int slotOf(long statement) {
    int mask = statements.length - 1;
    int slot = homeOf(statement);
    while (statements[slot] != FREE && statements[slot] != statement) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int homeOf(long statement) {
    return (int) (statement * 0x9E3779B97F4A7C15L >>> 40) & statements.length - 1;
  }
}
