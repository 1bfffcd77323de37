package io.walsync.db.upload;

import io.walsync.replica.Owner;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.UUID;

/** How this process calls itself as the owner of replicas; the id is unlike any other's. */
final class ThisProcess {

  private static final File HOST_NAME = new File("/proc/sys/kernel/hostname");
  private static final String ID = UUID.randomUUID().toString();
  private static final String HOST = host();
  private static final String PID = pid();

  private ThisProcess() {}

  static String id() {
    return ID;
  }

  static Owner owner(long epoch, long nowMillis) {
    return new Owner(epoch, ID, HOST, PID, nowMillis);
  }

  /** Whether an owner's process is known to have ended: it ran here and is not there any more. */
  static boolean hasEnded(Owner owner) {
    boolean isHere = !HOST.isEmpty() && owner.host().equals(HOST) && !owner.pid().isEmpty();
    if (!isHere || PID.isEmpty()) {
      return false;
    }
    return owner.pid().equals(PID) || !new File("/proc/" + owner.pid()).exists();
  }

  /** For people. */
  static String describe() {
    return "process " + (PID.isEmpty() ? "?" : PID) + " on " + (HOST.isEmpty() ? "?" : HOST);
  }

  /** Asked of no name server, which might take its time. */
  private static String host() {
    try {
      if (HOST_NAME.isFile()) {
        return new String(Files.readAllBytes(HOST_NAME.toPath()), StandardCharsets.UTF_8).trim();
      }
    } catch (IOException unreadable) {
      return "";
    }
    String name = System.getenv("COMPUTERNAME");
    return name == null ? "" : name;
  }

  private static String pid() {
    try {
      File self = new File("/proc/self");
      return self.exists() ? self.getCanonicalFile().getName() : "";
    } catch (IOException unreadable) {
      return "";
    }
  }
}
