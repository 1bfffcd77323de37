package io.walsync.history.retention;

import io.walsync.io.Json;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says which files are about to be deleted, by whomever: from its creation on nobody counts on
 * them. Notes are numbered, each takes the place of the one before. Immutable.
 */
final class PruneNote {

  private static final long NOT_ANNOUNCED = 0;

  /** Nothing was ever deleted. */
  static final PruneNote NONE = new PruneNote(0, null, NOT_ANNOUNCED, Collections.emptySet());

  private final long number;
  private final @Nullable String policy;
  private final long announcedMillis;
  private final Set<String> names;

  private PruneNote(long number, @Nullable String policy, long announcedMillis, Set<String> names) {
    this.number = number;
    this.policy = policy;
    this.announcedMillis = announcedMillis;
    this.names = names;
  }

  /** The note that takes the place of this one. */
  PruneNote next(Policy kept, Collection<LtxFileInfo> files) {
    Set<String> nextNames = new TreeSet<>();
    for (LtxFileInfo file : files) {
      nextNames.add(name(file));
    }
    return new PruneNote(number + 1, kept.toString(), NOT_ANNOUNCED, nextNames);
  }

  /**
   * The same, which only says that it will be gone by a promise, and deletes no more than this one.
   *
   * @param millis by the store's clock
   */
  PruneNote announced(Policy kept, long millis, Collection<LtxFileInfo> files) {
    PruneNote next = next(kept, files);
    return new PruneNote(next.number, next.policy, Math.max(1, millis), next.names);
  }

  static PruneNote parse(long number, byte[] content) {
    NoteText text = new NoteText(content);
    String files = text.string("files");
    if (files == null) {
      throw new IllegalArgumentException("it names no files");
    }
    Set<String> names =
        files.isEmpty() ? Collections.emptySet() : new TreeSet<>(Arrays.asList(files.split(" ")));
    return new PruneNote(
        number, text.string("policy"), Math.max(NOT_ANNOUNCED, text.number("announced")), names);
  }

  byte[] content() {
    Json json =
        new Json()
            .beginObject()
            .member("policy", policy)
            .member("announced", announcedMillis)
            .member("files", String.join(" ", names))
            .endObject();
    return NoteText.bytes(json);
  }

  /** What a file is called, whatever its time and size. */
  static String name(LtxFileInfo file) {
    return file.level() + "." + file.minTxid() + "-" + file.maxTxid();
  }

  /** 0 if there is none. */
  long number() {
    return number;
  }

  /** Whether the last deletion went by the same promise. */
  boolean isOf(Policy kept) {
    return announcedMillis == NOT_ANNOUNCED && kept.toString().equals(policy);
  }

  /** Since when it has been said that the same promise will be gone by; 0 if it has not. */
  long announcedMillis(Policy kept) {
    return kept.toString().equals(policy) ? announcedMillis : NOT_ANNOUNCED;
  }

  boolean holds(LtxFileInfo file) {
    return names.contains(name(file));
  }

  /** Which of some files may be deleted at any moment. */
  List<LtxFileInfo> of(Collection<LtxFileInfo> listed) {
    List<LtxFileInfo> found = new ArrayList<>();
    for (LtxFileInfo file : listed) {
      if (holds(file)) {
        found.add(file);
      }
    }
    return found;
  }
}
