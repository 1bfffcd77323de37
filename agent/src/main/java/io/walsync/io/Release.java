package io.walsync.io;

import org.jspecify.annotations.Nullable;

/** Which Walsync this is, and on which Java it runs. */
public final class Release {

  private Release() {}

  /** The version of the jar; {@code unpackaged} for classes that lie in a folder. */
  public static String version() {
    Package own = Release.class.getPackage();
    @Nullable String version = own == null ? null : own.getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** The version of the running Java, as {@code 17.0.15} or {@code 1.8.0_452}. */
  public static String java() {
    return System.getProperty("java.version", "unknown");
  }
}
