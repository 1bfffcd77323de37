package io.walsync.config;

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rejects a configuration by which two databases could write to one replica path or share a staging
 * folder.
 */
final class ReplicaCollisions {

  private ReplicaCollisions() {}

  /**
   * @param sections the sections {@code dbs} were read from, for messages
   */
  static void check(List<DbConfig> dbs, List<Section> sections) throws ConfigException {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < dbs.size(); i++) {
      Entry entry = new Entry(dbs.get(i));
      for (Entry earlier : entries) {
        String problem = problem(earlier, entry);
        if (problem != null) {
          throw sections.get(i).error(problem);
        }
      }
      entries.add(entry);
    }
  }

  /** Null if there is none. */
  private static @Nullable String problem(Entry first, Entry second) {
    String location = first.db.location();
    if (isListedTwice(first, second)) {
      return second.db.pattern() + " is listed already at " + location;
    }
    File meta = first.db.metaPath();
    boolean sharesMeta = meta != null && meta.equals(second.db.metaPath());
    if (sharesMeta && !haveSameRoot(first, second)) {
      return "shares its meta-path with the entry at " + location;
    }
    if (!first.db.replica().isSameStore(second.db.replica())) {
      return null;
    }
    boolean collide = canCollide(first, second) || canCollide(second, first);
    return collide
        ? "can write to the same replica path as the entry at "
            + location
            + " ("
            + second.db.replica().url()
            + "); give each its own path"
        : null;
  }

  private static boolean isListedTwice(Entry first, Entry second) {
    return first.db.isExact() && second.db.isExact()
        ? !Collections.disjoint(first.roots, second.roots)
        : first.db.pattern().equals(second.db.pattern());
  }

  private static boolean haveSameRoot(Entry first, Entry second) {
    return !first.db.isExact()
        && !second.db.isExact()
        && first.resolvedRoot().equals(second.resolvedRoot());
  }

  /**
   * Whether a database of {@code inner} can get the same replica path as a database of {@code
   * outer}.
   */
  private static boolean canCollide(Entry outer, Entry inner) {
    String below = below(outer.replicaPath, inner.replicaPath);
    if (below == null) {
      return false;
    }
    DatabasePattern pattern = outer.db.databasePattern();
    if (inner.db.isExact()) {
      // The same file under both entries is one database, which belongs to the first entry.
      return pattern.accepts(below) && !below.equals(pattern.relativePath(inner.db.root()));
    }
    if (outer.db.isExact()) {
      return false;
    }
    // Two patterns: harmless only if equal replica paths mean equal files.
    boolean canReach = below.isEmpty() || outer.db.isRecursive();
    return canReach && !inner.resolvedRoot().equals(new File(outer.resolvedRoot(), below));
  }

  /** The path of {@code inner} relative to {@code outer}, or null if it does not lie below. */
  private static @Nullable String below(String outer, String inner) {
    if (!inner.startsWith(outer)) {
      return null;
    }
    if (inner.length() == outer.length()) {
      return "";
    }
    String rest = inner.substring(outer.length());
    if (outer.endsWith("/") || outer.isEmpty()) {
      return rest;
    }
    return rest.startsWith("/") ? rest.substring(1) : null;
  }

  /**
   * The values of one entry that are compared. They are looked up once, since each entry is
   * compared with each.
   */
  private static final class Entry {
    final DbConfig db;
    final List<File> roots;
    final String replicaPath;

    Entry(DbConfig db) {
      this.db = db;
      this.roots = UserPath.spellings(db.root());
      this.replicaPath = db.replica().path().replace(File.separatorChar, '/');
    }

    File resolvedRoot() {
      return roots.get(0);
    }
  }
}
