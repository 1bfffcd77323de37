package io.walsync.cli;

import io.walsync.config.DbConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Finds the databases on disk that an entry for many stands for. */
final class DatabaseSearch extends SimpleFileVisitor<Path> {

  /** Files and folders looked at; a root such as / ends here rather than never. */
  private static final int MAX_VISIT_COUNT = 1_000_000;

  private static final int MAX_DEPTH = 64;

  private final DbConfig db;
  private final List<File> found = new ArrayList<>();
  private int visitCount;

  private DatabaseSearch(DbConfig db) {
    this.db = db;
  }

  /**
   * @return files with SQLite's header, sorted; none if the root does not exist
   */
  static List<File> below(DbConfig db) throws IOException {
    DatabaseSearch search = new DatabaseSearch(db);
    Set<FileVisitOption> options = EnumSet.noneOf(FileVisitOption.class);
    if (db.root().exists()) {
      Path root = db.root().toPath().toRealPath();
      Files.walkFileTree(root, options, db.isRecursive() ? MAX_DEPTH : 1, search);
    }
    Collections.sort(search.found);
    return search.found;
  }

  @Override
  public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
    File file = path.toFile();
    if (db.matches(file) && DatabaseState.of(file).isDatabase()) {
      found.add(file);
    }
    visitCount++;
    return visitCount < MAX_VISIT_COUNT ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
  }

  /** A folder that may not be listed hides its databases, not the others. */
  @Override
  public FileVisitResult visitFileFailed(Path path, IOException cause) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path path, IOException cause) {
    return FileVisitResult.CONTINUE;
  }
}
