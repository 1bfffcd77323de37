package io.walsync.history.retention;

import io.walsync.replica.NoteStore;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The notes {@code walsync/prunes/NUMBER.json} of a replica, of which the one with the highest
 * number counts. It stays when its files are gone: numbers never begin anew.
 *
 * <p>Two who delete at a time are kept apart by it without a lock and without a clock: a note is
 * created only if its number is free and none is higher, and whoever creates it has read the one
 * before first and counts on none of its files. So whatever a process still deletes after it has
 * slept, everybody else has done without since.
 */
final class PruneNotes {

  private static final String FOLDER = "prunes/";
  private static final Pattern NAME = Pattern.compile("([0-7][0-9a-f]{15})\\.json");

  private final ReplicaClient client;
  private final NoteStore notes;

  PruneNotes(ReplicaClient client) {
    this.client = client;
    this.notes = client.notes();
  }

  private static String path(long number) {
    return FOLDER + String.format(Locale.ROOT, "%016x.json", number);
  }

  /**
   * The note that counts; {@link PruneNote#NONE} if there is none.
   *
   * @throws ReplicaException if it cannot be read: which files go, nobody knows then
   */
  PruneNote newest() throws IOException {
    while (true) {
      long number = newestNumber();
      byte[] content = number == 0 ? null : notes.read(path(number));
      if (content != null) {
        return parse(number, content);
      }
      if (number == newestNumber()) {
        if (number == 0) {
          return PruneNote.NONE;
        }
        throw new ReplicaException(
            "the note " + path(number) + " of " + client.url() + " is listed and not there", true);
      } // another took its place meanwhile
    }
  }

  private PruneNote parse(long number, byte[] content) throws ReplicaException {
    try {
      return PruneNote.parse(number, content);
    } catch (IllegalArgumentException e) {
      throw new ReplicaException(
          "the note "
              + path(number)
              + " of "
              + client.url()
              + " does not say which files are about to be deleted",
          e,
          true);
    }
  }

  private long newestNumber() throws IOException {
    long newest = 0;
    for (String name : notes.names(FOLDER)) {
      newest = Math.max(newest, numberOf(name));
    }
    return newest;
  }

  /** 0 if it is no note's name. */
  private static long numberOf(String name) {
    Matcher note = NAME.matcher(name);
    return note.matches() ? Long.parseLong(note.group(1), 16) : 0;
  }

  /**
   * Puts a note in the place of the one before.
   *
   * @throws RefusedException if another was faster
   */
  void create(PruneNote note) throws IOException {
    boolean isFirst = notes.create(path(note.number()), note.content());
    // A lower number is free again once it was replaced.
    if (!isFirst || newestNumber() != note.number()) {
      throw new RefusedException("another prune of " + client.url() + " has begun meanwhile");
    }
  }

  /** Removes the notes that a newer one has replaced. */
  void removeBefore(PruneNote note) throws IOException {
    for (String name : notes.names(FOLDER)) {
      long number = numberOf(name);
      if (number > 0 && number < note.number()) {
        notes.delete(FOLDER + name);
      }
    }
  }
}
