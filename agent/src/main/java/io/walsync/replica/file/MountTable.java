package io.walsync.replica.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which file systems are mounted where, as Linux tells in {@code /proc/self/mountinfo}, and which
 * ought to be, as {@code /etc/fstab} says. Elsewhere it knows nothing and says so by null.
 */
final class MountTable {

  private static final Path MOUNTED = Paths.get("/proc/self/mountinfo");
  private static final Path CONFIGURED = Paths.get("/etc/fstab");

  /** Fields of a line, counted from 0. */
  private static final int MOUNTED_PATH = 4;

  private static final int CONFIGURED_PATH = 1;

  private final List<Path> mounted;
  private final List<Path> configured;

  private MountTable(List<Path> mounted, List<Path> configured) {
    this.mounted = mounted;
    this.configured = configured;
  }

  static MountTable read() {
    return of(lines(MOUNTED), lines(CONFIGURED));
  }

  /**
   * @param mountinfo lines of that file
   * @param fstab lines of that file
   */
  static MountTable of(List<String> mountinfo, List<String> fstab) {
    return new MountTable(paths(mountinfo, MOUNTED_PATH), paths(fstab, CONFIGURED_PATH));
  }

  private static List<String> lines(Path file) {
    try {
      // Line by line would trip over names that are not UTF-8.
      byte[] content = Files.readAllBytes(file);
      return Arrays.asList(new String(content, StandardCharsets.UTF_8).split("\n"));
    } catch (IOException | SecurityException notHere) {
      return Collections.emptyList();
    }
  }

  private static List<Path> paths(List<String> lines, int field) {
    List<Path> paths = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.trim().split("\\s+");
      boolean isPath =
          fields.length > field && !fields[0].startsWith("#") && fields[field].startsWith("/");
      if (isPath) {
        paths.add(Paths.get(unescape(fields[field])).normalize());
      }
    }
    return paths;
  }

  /** Blanks, tabs, line ends and backslashes are written as three octal digits. */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      boolean isEscape = text.charAt(i) == '\\' && text.substring(i).matches("\\\\[0-7]{3}.*");
      if (isEscape) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }

  /**
   * Where the file system is mounted that an existing file lies on.
   *
   * @param real absolute, links resolved
   * @return null if that is not known
   */
  @Nullable Path mountPointOf(Path real) {
    Path nearest = null;
    for (Path each : mounted) {
      if (real.startsWith(each)
          && (nearest == null || each.getNameCount() > nearest.getNameCount())) {
        nearest = each;
      }
    }
    return nearest;
  }

  /** A place at or above a path for which a file system is configured that is not mounted. */
  @Nullable Path missingAbove(Path path) {
    if (mounted.isEmpty()) {
      return null;
    }
    for (Path each : configured) {
      // Within a chroot the table may lack the root.
      boolean isRoot = each.getNameCount() == 0;
      if (!isRoot && path.startsWith(each) && !mounted.contains(each)) {
        return each;
      }
    }
    return null;
  }
}
