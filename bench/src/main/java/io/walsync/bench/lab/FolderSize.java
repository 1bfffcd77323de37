package io.walsync.bench.lab;

import java.io.File;
import java.nio.file.Path;

/** Bytes below a folder that others are changing. */
public final class FolderSize {

  private FolderSize() {}

  /** Of all files, or of the one file; 0 if there is nothing. */
  public static long of(Path path) {
    File[] entries = path.toFile().listFiles();
    if (entries == null) {
      return path.toFile().length();
    }
    long sum = 0;
    for (File entry : entries) {
      sum += of(entry.toPath());
    }
    return sum;
  }
}
