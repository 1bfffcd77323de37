package io.walsync.db.upload;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is known of a replica, and what is asked of it, which is one thing at a time.
 *
 * <pre>
 *   UNKNOWN --&gt; COMPARING --&gt; KNOWN &lt;--&gt; UPLOADING
 *      ^            |
 *      +------ CHALLENGING
 *
 *   UNKNOWN or KNOWN --&gt; ASKING --&gt; READING_BACK --&gt; KNOWN, where there is no local state
 *   each              --&gt; UNKNOWN, if what is known of it may not be true any more
 *   each              --&gt; ENDED
 * </pre>
 *
 * <p>{@link Replicator}, the only writer, asks each state for its successors.
 */
enum UploadState {
  /** It may not hold what the local state says. Nothing is asked. */
  UNKNOWN,

  /** There is no local state: it is listed, to begin or to be read back. */
  ASKING,

  /** There is no local state: it is made of what the replica holds. */
  READING_BACK,

  /** It is listed, to see whether it holds what the local state says. */
  COMPARING,

  /**
   * It holds what the local state does not know of, and a file of ours is on its way all the same:
   * where another file has its name, there is another writer.
   */
  CHALLENGING,

  /** It holds what the local state says. Nothing is on its way. */
  KNOWN,

  /** It holds what the local state says, and the next file is on its way. */
  UPLOADING,

  /** The database is refused. Nothing is asked any more, but the last answer is heard. */
  ENDED;

  static {
    UNKNOWN.next = EnumSet.of(ASKING, COMPARING, ENDED);
    ASKING.next = EnumSet.of(UNKNOWN, READING_BACK, KNOWN, ENDED);
    READING_BACK.next = EnumSet.of(UNKNOWN, KNOWN, ENDED);
    COMPARING.next = EnumSet.of(UNKNOWN, CHALLENGING, KNOWN, ENDED);
    CHALLENGING.next = EnumSet.of(UNKNOWN, ENDED);
    KNOWN.next = EnumSet.of(UNKNOWN, ASKING, UPLOADING, ENDED);
    UPLOADING.next = EnumSet.of(UNKNOWN, KNOWN, ENDED);
    ENDED.next = EnumSet.noneOf(UploadState.class);
  }

  @SuppressWarnings("ImmutableEnumChecker") // written once, above: an enum cannot name later ones
  private Set<UploadState> next = Collections.emptySet();

  /** Whether that may come after this. */
  boolean leadsTo(UploadState other) {
    return next.contains(other);
  }

  /** Whether it is asked for lack of local state. */
  boolean isAsking() {
    return this == ASKING || this == READING_BACK;
  }

  /** Whether it holds what the local state says. */
  boolean isKnown() {
    return this == KNOWN || this == UPLOADING;
  }

  /** What follows if nothing is learnt from the answer. */
  UploadState withoutAnswer() {
    return isKnown() ? KNOWN : UNKNOWN;
  }
}
