package io.walsync.doctor;

import io.walsync.host.FileSystemKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether what lies on a file system survives, works there, and has room. */
public final class FileSystemCheck {

  /** What the system says of the file system. */
  static final class Facts {
    final String type;
    final boolean isShared;
    final long usableBytes;
    final boolean isWritable;

    Facts(String type, boolean isShared, long usableBytes, boolean isWritable) {
      this.isWritable = isWritable;
      this.type = type;
      this.isShared = isShared;
      this.usableBytes = usableBytes;
    }
  }

  private FileSystemCheck() {}

  /** Of a database, or of the folder that it is to lie in. */
  public static Finding ofDatabase(File database) {
    return ofDatabase(database.getPath(), facts(database));
  }

  /**
   * Of the folder of staged files, which need not exist.
   *
   * @param limitBytes what may be staged there
   */
  public static Finding ofStaging(File folder, long limitBytes) {
    return ofStaging(folder.getPath(), facts(folder), limitBytes);
  }

  static Finding ofDatabase(String path, @Nullable Facts facts) {
    String name = "file system";
    if (facts == null) {
      return Finding.warning(
          name, path, "the system does not tell", "See that it is a local disk that is kept");
    }
    String found = facts.type + ", " + Amount.bytes(facts.usableBytes) + " free";
    if (facts.isShared) {
      return Finding.failure(
          name,
          path,
          found + ": shared between machines, where SQLite's WAL does not work",
          "Move the database to a local disk");
    }
    return fleeting(facts.type)
        ? Finding.warning(name, path, found + ": " + fate(facts.type), "Use a volume that is kept")
        : Finding.ok(name, path, found);
  }

  static Finding ofStaging(String path, @Nullable Facts facts, long limitBytes) {
    String name = "staging";
    if (facts == null) {
      return Finding.warning(
          name, path, "the system does not tell", "See that it is on a disk with room");
    }
    String found = facts.type + ", " + Amount.bytes(facts.usableBytes) + " free";
    if (!facts.isWritable) {
      return Finding.failure(
          name,
          path,
          "may not be written by this user",
          "Nothing is replicated before the application's user may write there; run doctor as that"
              + " user");
    }
    if (facts.usableBytes < limitBytes) {
      return Finding.warning(
          name,
          path,
          found + ", and staging-max-bytes is " + Amount.bytes(limitBytes),
          "In a long outage of the store the disk fills: make room, or set a lower limit");
    }
    return fleeting(facts.type)
        ? Finding.warning(
            name,
            path,
            found + ": " + fate(facts.type),
            "What waits there for the store would be gone: set meta-path to a volume that is kept")
        : Finding.ok(name, path, found);
  }

  private static boolean fleeting(String type) {
    return !fate(type).isEmpty();
  }

  private static String fate(String type) {
    switch (type.toLowerCase(Locale.ROOT)) {
      case "tmpfs":
      case "ramfs":
        return "in memory, gone after a restart of the machine or the container";
      case "overlay":
      case "overlayfs":
      case "aufs":
        return "a container's own layer, gone with the container";
      default:
        return "";
    }
  }

  /** Opens nothing. Null if the system does not tell. */
  private static @Nullable Facts facts(File file) {
    File there = file.getAbsoluteFile();
    while (there != null && !there.exists()) {
      there = there.getParentFile();
    }
    if (there == null) {
      return null;
    }
    try {
      FileStore store = Files.getFileStore(there.toPath());
      boolean isShared = FileSystemKind.sharedBetweenMachines(there) != null;
      return new Facts(store.type(), isShared, store.getUsableSpace(), there.canWrite());
    } catch (IOException | RuntimeException notTold) {
      return null;
    }
  }
}
