package io.walsync.files;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Which file is at a path, and whether it may have changed, without opening it. Two equal
 * identities mean that nobody wrote to the file in between, provided that its change time was older
 * than one tick of the clock when the first was taken.
 */
public final class FileIdentity {

  /** Size and two times, see {@link #text}. */
  private static final int FIELDS_AFTER_KEY = 3;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Object key;
  private final long sizeBytes;
  private final long modifiedNanos;
  private final long changedNanos;

  private FileIdentity(Object key, long sizeBytes, long modifiedNanos, long changedNanos) {
    this.key = key;
    this.sizeBytes = sizeBytes;
    this.modifiedNanos = modifiedNanos;
    this.changedNanos = changedNanos;
  }

  /**
   * @throws IOException if there is no such file
   */
  public static FileIdentity of(File file) throws IOException {
    Path path = file.toPath();
    BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class);
    Object key = key(path, basic);
    FileTime changed = changeTime(path, basic);
    return new FileIdentity(key, basic.size(), nanos(basic.lastModifiedTime()), nanos(changed));
  }

  /**
   * Only the {@link #key}, which takes half the time.
   *
   * @throws IOException if there is no such file
   */
  public static Object keyOf(File file) throws IOException {
    Path path = file.toPath();
    return key(path, Files.readAttributes(path, BasicFileAttributes.class));
  }

  private static Object key(Path path, BasicFileAttributes basic) throws IOException {
    return basic.fileKey() != null ? basic.fileKey() : path.toRealPath().toString();
  }

  private static FileTime changeTime(Path path, BasicFileAttributes basic) {
    try {
      Map<String, Object> unix = Files.readAttributes(path, "unix:ctime", new LinkOption[0]);
      FileTime changed = (FileTime) unix.get("ctime");
      return changed == null ? basic.lastModifiedTime() : changed;
    } catch (IOException | RuntimeException notUnix) {
      return basic.lastModifiedTime();
    }
  }

  private static long nanos(FileTime time) {
    return time.to(java.util.concurrent.TimeUnit.NANOSECONDS);
  }

  /** Identity of the inode, equal for all paths that lead to it. */
  public Object key() {
    return key;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /** Whether {@code other} shows the same file with no write in between. */
  public boolean isUnchanged(FileIdentity other) {
    return key.equals(other.key)
        && sizeBytes == other.sizeBytes
        && modifiedNanos == other.modifiedNanos
        && changedNanos == other.changedNanos;
  }

  /** When the file was last written or its attributes changed, milliseconds since the epoch. */
  public long changedMillis() {
    return Math.floorDiv(changedNanos, NANOS_PER_MILLI);
  }

  /**
   * Whether the times may be in whole seconds, as on some file systems: they have no fraction of a
   * second. Two seconds may pass between two ticks of such a clock.
   */
  public boolean isOfCoarseClock() {
    return changedNanos % NANOS_PER_SECOND == 0 || modifiedNanos % NANOS_PER_SECOND == 0;
  }

  /** The {@link #key} in a {@link #text}; empty if that is. */
  public static String keyIn(String text) {
    int end = text.length();
    for (int field = 0; field < FIELDS_AFTER_KEY && end >= 0; field++) {
      end = text.lastIndexOf(' ', end - 1);
    }
    return end < 0 ? "" : text.substring(0, end);
  }

  /** One line that survives a restart and is equal if and only if the identity is. */
  public String text() {
    return key + " " + sizeBytes + " " + modifiedNanos + " " + changedNanos;
  }
}
