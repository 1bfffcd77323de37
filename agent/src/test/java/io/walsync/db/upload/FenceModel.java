package io.walsync.db.upload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Two writers, one replica and a network, with nothing of them but what the fence rests on. Every
 * order of their steps is tried. A pause is a step that is not taken yet; a PUT that was sent once
 * may arrive at any later moment, and again, with its answer or without.
 *
 * <p>Time has one step, {@link #TICK}: the horizon passes. What was stored before it may be deleted
 * after it, and what was sent before it is no longer recent.
 */
final class FenceModel {

  /** What is left out of the protocol, or done otherwise. */
  enum Variant {
    /** The protocol as it is. */
    PROTOCOL,
    /** A name that was free is proof enough, whatever the time. */
    CREATE_ONLY_ALONE,
    /** An orderly stop deletes the owner object, so that epochs begin anew. */
    RELEASE_DELETES_EPOCH,
    /** A start takes the epoch it finds for its own. */
    RESUME_AT_OLD_EPOCH,
    /** Only the writer's own clocks say what is recent: those of a machine that was suspended. */
    GUEST_CLOCKS_ALONE,
    /** The deleter's clock says how old a file is, and it was set forward. */
    DELETER_TRUSTS_ITS_CLOCK,
    /** TXIDs begin anew behind what was deleted. */
    NAMES_RESTART,
    /** What was free long ago is taken for free, when a replica is taken over. */
    OLD_LISTING
  }

  /** A way to a state that must not be. */
  static final class Flaw {
    final String what;
    final List<String> steps;

    Flaw(String what, List<String> steps) {
      this.what = what;
      this.steps = steps;
    }

    @Override
    public String toString() {
      return what + " after " + steps.size() + " steps: " + String.join(", ", steps);
    }
  }

  /** How many there are at a time, and how many lives they have in all. */
  private static final int TOGETHER = 2;

  private static final int WRITERS = 3;

  private static final int NAMES = 3;

  private static final String TICK = "the horizon passes";

  // What a writer is doing.
  private static final byte DOWN = 0;
  private static final byte READ = 1;
  private static final byte IDLE = 2;
  private static final byte SENT = 3;
  private static final byte STORED = 4;
  private static final byte STORED_LATE = 5;
  private static final byte OVER = 6;

  /** One state; compared by its bytes. */
  static final class State {
    // Of the store: an array from 1 on.
    private static final int OBJECT = 0;
    private static final int MERGED = OBJECT + NAMES + 1;
    private static final int CONFIRMED = MERGED + NAMES + 1;
    private static final int IS_OLD = CONFIRMED + NAMES + 1;
    private static final int EPOCH = IS_OLD + 1;
    // Of each writer.
    private static final int WRITER = EPOCH + 1;
    private static final int DOING = 0;
    private static final int SEEN = 1;
    private static final int OWN = 2;
    private static final int NEXT = 3;
    private static final int IS_RECENT = 4;
    private static final int IS_NEXT_RECENT = 5;
    private static final int HAS_CHECKED = 6;
    private static final int SENT_EVER = 7;
    private static final int WRITER_BYTES = 8;

    final byte[] at;
    final State before;
    private final Object[] step;

    State() {
      at = new byte[WRITER + WRITERS * WRITER_BYTES];
      before = null;
      step = new Object[0];
    }

    private State(State before, Object... step) {
      this.at = before.at.clone();
      this.before = before;
      this.step = step;
    }

    /** In words, which are put together only for a way that is shown. */
    State after(Object... step) {
      return new State(this, step);
    }

    String step() {
      StringBuilder text = new StringBuilder();
      for (Object word : step) {
        text.append(word);
      }
      return text.toString();
    }

    byte of(int writer, int field) {
      return at[WRITER + writer * WRITER_BYTES + field];
    }

    void set(int writer, int field, int value) {
      at[WRITER + writer * WRITER_BYTES + field] = (byte) value;
    }

    /** Content says who wrote it. */
    byte content(int writer) {
      return (byte) (1 + writer);
    }

    boolean wasSent(int writer, int name) {
      return (of(writer, SENT_EVER) >> name & 1) != 0;
    }

    int merged() {
      int name = 0;
      while (name < NAMES && at[MERGED + name + 1] != 0) {
        name++;
      }
      return name;
    }

    int newest() {
      int newest = merged();
      for (int name = newest + 1; name <= NAMES; name++) {
        newest = at[OBJECT + name] == 0 ? newest : name;
      }
      return newest;
    }

    /** What a restore finds under a name; it prefers what was merged. */
    byte restored(int name) {
      return at[MERGED + name] == 0 ? at[OBJECT + name] : at[MERGED + name];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof State && Arrays.equals(at, ((State) other).at);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(at);
    }
  }

  private final Variant variant;
  private final Set<State> known = new HashSet<>();
  private List<State> next = new ArrayList<>();

  FenceModel(Variant variant) {
    this.variant = variant;
  }

  /** A replica that nobody has begun. */
  static State nothing() {
    return new State();
  }

  /** A replica that A owns, and has written a file to. */
  static State ownedByA() {
    State state = new State();
    state.at[State.EPOCH] = 1;
    state.at[State.OBJECT + 1] = state.content(0);
    state.at[State.CONFIRMED + 1] = state.content(0);
    state.set(0, State.DOING, IDLE);
    state.set(0, State.OWN, 1);
    state.set(0, State.NEXT, 2);
    state.set(0, State.IS_RECENT, 1);
    state.set(0, State.SENT_EVER, 1 << 1);
    return state;
  }

  int stateCount() {
    return known.size();
  }

  /** Tries every order of steps; the shortest way to a state that must not be, or null. */
  Flaw search(State start, int longest) {
    known.add(start);
    List<State> level = List.of(start);
    for (int steps = 0; steps < longest && !level.isEmpty(); steps++) {
      next = new ArrayList<>();
      for (State state : level) {
        stepsOf(state);
      }
      for (State state : next) {
        String flaw = flawOf(state);
        if (flaw != null) {
          return new Flaw(flaw, way(state));
        }
      }
      level = next;
    }
    return null;
  }

  private static List<String> way(State end) {
    List<String> steps = new ArrayList<>();
    for (State state = end; state.before != null; state = state.before) {
      steps.add(0, state.step());
    }
    return steps;
  }

  private void reached(State state) {
    if (known.add(state)) {
      next.add(state);
    }
  }

  /** What was confirmed stays what a restore finds, and so does the way to it. */
  private static String flawOf(State state) {
    boolean isBroken = false;
    for (int name = 1; name <= NAMES; name++) {
      byte confirmed = state.at[State.CONFIRMED + name];
      byte found = state.restored(name);
      isBroken |= found == 0;
      if (confirmed != 0 && (found != confirmed || isBroken)) {
        return "TXID " + name + " was confirmed and is lost";
      }
    }
    return null;
  }

  private void stepsOf(State state) {
    tick(state);
    for (int writer = 0; writer < WRITERS; writer++) {
      arrivals(state, writer);
      byte doing = state.of(writer, State.DOING);
      if (doing == DOWN) {
        start(state, writer);
      } else if (doing == READ) {
        list(state, writer);
      } else if (doing == IDLE) {
        send(state, writer);
        release(state, writer);
        check(state, writer);
        compact(state, writer);
        delete(state, writer);
      } else if (doing == STORED || doing == STORED_LATE) {
        settle(state, writer);
      }
    }
  }

  private static String name(int writer) {
    return "ABC".substring(writer, writer + 1);
  }

  private void tick(State state) {
    // A machine that is suspended does not notice, if it believes itself alone.
    int suspensions = variant == Variant.GUEST_CLOCKS_ALONE ? WRITERS : 0;
    for (int suspended = -1; suspended < suspensions; suspended++) {
      State passed =
          state.after(TICK, suspended < 0 ? "" : " while " + name(suspended) + " sleeps");
      passed.at[State.IS_OLD] = 0;
      for (int name = 1; name <= NAMES; name++) {
        passed.at[State.IS_OLD] |= (byte) (passed.at[State.OBJECT + name] != 0 ? 1 << name : 0);
      }
      for (int writer = 0; writer < WRITERS; writer++) {
        if (writer != suspended) {
          passed.set(writer, State.IS_RECENT, 0);
          passed.set(writer, State.IS_NEXT_RECENT, 0);
        }
      }
      reached(passed);
    }
  }

  private static void forget(State state, int writer, byte doing) {
    for (int field = State.SEEN; field < State.SENT_EVER; field++) {
      state.set(writer, field, 0);
    }
    state.set(writer, State.DOING, doing);
  }

  /**
   * In their order: which of them is which makes no difference. The third is a new life of one of
   * the others, who was killed; one that is killed and not started again is one that never goes on.
   */
  private void start(State state, int writer) {
    if (writer > 0 && state.of(writer - 1, State.DOING) == DOWN) {
      return;
    }
    State started = state.after(name(writer), " starts and reads who owns it");
    started.set(writer, State.DOING, READ);
    started.set(writer, State.SEEN, state.at[State.EPOCH]);
    if (writer < TOGETHER) {
      reached(started);
      return;
    }
    for (int victim = 0; victim < TOGETHER; victim++) {
      State restarted = started.after("in place of ", name(victim));
      forget(restarted, victim, OVER);
      reached(restarted);
    }
  }

  private void list(State state, int writer) {
    State listed = state.after(name(writer), " lists");
    int newest = variant == Variant.NAMES_RESTART ? newestObject(state) : state.newest();
    listed.set(writer, State.DOING, IDLE);
    listed.set(writer, State.NEXT, newest + 1);
    listed.set(writer, State.IS_RECENT, 1);
    if (variant == Variant.RESUME_AT_OLD_EPOCH) {
      listed.set(writer, State.OWN, state.of(writer, State.SEEN));
    }
    reached(listed);
  }

  private static int newestObject(State state) {
    int newest = 0;
    for (int name = 1; name <= NAMES; name++) {
      newest = state.at[State.OBJECT + name] == 0 ? newest : name;
    }
    return newest;
  }

  private void send(State state, int writer) {
    int name = state.of(writer, State.NEXT);
    if (name > NAMES) {
      return;
    }
    State sent = state.after(name(writer), " sends ", name);
    sent.set(writer, State.DOING, SENT);
    sent.set(writer, State.IS_NEXT_RECENT, 1);
    sent.set(writer, State.SENT_EVER, state.of(writer, State.SENT_EVER) | 1 << name);
    reached(sent);
  }

  /** Whatever was sent at some time, arrives: for the first time or again. */
  private void arrivals(State state, int writer) {
    for (int name = 1; name <= NAMES; name++) {
      if (state.wasSent(writer, name)) {
        arrive(state, writer, name);
      }
    }
  }

  private void arrive(State state, int writer, int name) {
    byte content = state.content(writer);
    byte found = state.at[State.OBJECT + name];
    State arrived = state.after(name(writer), "'s ", name, " arrives");
    if (found == 0) {
      arrived.at[State.OBJECT + name] = content;
      arrived.at[State.IS_OLD] &= (byte) ~(1 << name);
      reached(arrived); // the answer is lost
    }
    boolean isAwaited =
        state.of(writer, State.DOING) == SENT && state.of(writer, State.NEXT) == name;
    if (!isAwaited) {
      return;
    }
    State answered = arrived.after("and its answer");
    boolean isOurs = found == 0 || found == content;
    if (isOurs) {
      boolean isInTime = state.of(writer, State.IS_RECENT) != 0;
      answered.set(writer, State.DOING, isInTime ? STORED : STORED_LATE);
      answered.set(writer, State.IS_RECENT, 0);
    } else if (state.of(writer, State.OWN) == 0) {
      forget(answered, writer, READ); // chases a busy predecessor
      answered.set(writer, State.SEEN, state.at[State.EPOCH]);
    } else {
      forget(answered, writer, OVER);
    }
    if (isOurs && (state.of(writer, State.OWN) != 0 && state.of(writer, State.IS_RECENT) != 0)) {
      confirm(answered, writer);
    } else {
      reached(answered);
    }
  }

  /** Whether the store's answer may be believed: see the chapter on the fence. */
  private void settle(State state, int writer) {
    boolean isInTime = state.of(writer, State.DOING) == STORED;
    int own = state.of(writer, State.OWN);
    int owner = state.at[State.EPOCH];
    if (own == 0) {
      claim(state, writer, isInTime || variant == Variant.OLD_LISTING);
    } else if (isInTime || variant == Variant.CREATE_ONLY_ALONE || own == owner) {
      confirm(state, writer);
    } else {
      State fenced = state.after(name(writer), " finds another owner");
      forget(fenced, writer, OVER);
      reached(fenced);
    }
  }

  private void claim(State state, int writer, boolean isInTime) {
    int seen = state.of(writer, State.SEEN);
    State claimed = state.after(name(writer), " claims");
    if (state.at[State.EPOCH] != seen) {
      forget(claimed, writer, OVER);
      reached(claimed);
      return;
    }
    claimed.at[State.EPOCH] = (byte) (seen + 1);
    claimed.set(writer, State.OWN, seen + 1);
    claimed.set(writer, State.SEEN, 0);
    if (isInTime) {
      confirm(claimed, writer);
    } else {
      claimed.set(writer, State.DOING, READ); // the names may have gone on: lists again
    }
    reached(claimed);
  }

  private void confirm(State state, int writer) {
    int name = state.of(writer, State.NEXT);
    State confirmed = state.after(name(writer), " confirms ", name);
    confirmed.at[State.CONFIRMED + name] = state.content(writer);
    confirmed.set(writer, State.NEXT, name + 1);
    confirmed.set(writer, State.DOING, IDLE);
    confirmed.set(writer, State.IS_RECENT, state.of(writer, State.IS_NEXT_RECENT));
    confirmed.set(writer, State.IS_NEXT_RECENT, 0);
    reached(confirmed);
  }

  private void release(State state, int writer) {
    if (variant != Variant.RELEASE_DELETES_EPOCH
        || state.of(writer, State.OWN) == 0
        || state.of(writer, State.OWN) != state.at[State.EPOCH]) {
      return;
    }
    State released = state.after(name(writer), " stops in order");
    forget(released, writer, OVER);
    released.at[State.EPOCH] = 0;
    reached(released);
  }

  /** Before a pass of the compactor; it may be paused behind this. */
  private void check(State state, int writer) {
    int own = state.of(writer, State.OWN);
    if (own != 0 && own == state.at[State.EPOCH] && state.of(writer, State.HAS_CHECKED) == 0) {
      State checked = state.after(name(writer), " is the owner");
      checked.set(writer, State.HAS_CHECKED, 1);
      reached(checked);
    }
  }

  private void compact(State state, int writer) {
    if (state.of(writer, State.HAS_CHECKED) == 0) {
      return;
    }
    State compacted = state;
    for (int name = state.merged() + 1;
        name < state.of(writer, State.NEXT) && state.at[State.OBJECT + name] != 0;
        name++) {
      compacted = compacted.after(name(writer), " merges up to ", name);
      compacted.at[State.MERGED + name] = state.at[State.OBJECT + name];
      reached(compacted);
    }
  }

  private void delete(State state, int writer) {
    if (state.of(writer, State.HAS_CHECKED) == 0) {
      return;
    }
    boolean isAnyAge = variant == Variant.DELETER_TRUSTS_ITS_CLOCK;
    // The newest is kept, for who takes over to find.
    boolean keepsNewest = variant != Variant.NAMES_RESTART;
    for (int name = 1; name <= state.merged(); name++) {
      boolean isOld = isAnyAge || (state.at[State.IS_OLD] >> name & 1) != 0;
      boolean isKept = keepsNewest && name == state.newest();
      if (state.at[State.OBJECT + name] != 0 && isOld && !isKept) {
        State deleted = state.after(name(writer), " deletes ", name);
        deleted.at[State.OBJECT + name] = 0;
        deleted.at[State.IS_OLD] &= (byte) ~(1 << name);
        reached(deleted);
      }
    }
  }
}
