package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Identifies the present start of the machine. */
public final class BootId {

  private static final File FILE = new File("/proc/sys/kernel/random/boot_id");

  /** Null until it was read; it does not change as long as this process lives. */
  private static volatile @Nullable String known;

  private BootId() {}

  /** The id; empty where the system does not tell it. */
  public static String of(Disk disk) throws IOException {
    String id = disk.isReal() ? known : null;
    if (id == null) {
      id = FILE.exists() ? read(disk) : "";
      known = disk.isReal() ? id : known;
    }
    return id;
  }

  private static String read(Disk disk) throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(disk.read(FILE), StandardCharsets.US_ASCII))) {
      String line = in.readLine();
      return line == null ? "" : line.trim();
    }
  }
}
