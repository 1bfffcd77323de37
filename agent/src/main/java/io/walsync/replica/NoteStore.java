package io.walsync.replica;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Small texts that stand beside the owner object, below {@code walsync/}, where neither Litestream
 * nor a restore looks for files. Each has a name of its own, so that writers do not meet.
 *
 * <p>Names consist of letters, digits, {@code . _ -} and slashes between folders.
 */
public interface NoteStore {

  /** The most bytes of a note. */
  int MAX_BYTES = 64 * 1024;

  /**
   * The names of the notes in a folder, without it, in ascending order.
   *
   * @param folder with a slash at its end
   */
  List<String> names(String folder) throws IOException;

  /** Null if there is no such note. */
  byte @Nullable [] read(String name) throws IOException;

  /**
   * Writes a note whose name is free; it appears whole or not at all.
   *
   * @return false if there is one of that name
   */
  boolean create(String name, byte[] content) throws IOException;

  /** Deletes a note; none is no error. */
  void delete(String name) throws IOException;
}
