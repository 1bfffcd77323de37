package io.walsync.bootstrap;

import java.net.URL;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * SQLite drivers that resemble org.xerial's and whose databases cannot be replicated. The user is
 * told once of each; the driver is left as it is.
 *
 * <p>Threading: any thread that loads a class.
 */
final class OtherDrivers {

  private static final String NATIVE_DB = "org/sqlite/core/NativeDB.class";

  /** Only the fork with SQLite3 Multiple Ciphers has it, beside classes of Xerial's names. */
  private static final String CIPHER_CONFIG = "org/sqlite/mc/SQLiteMCConfig.class";

  private static final AtomicBoolean IS_WASM_TOLD = new AtomicBoolean();
  private static final AtomicBoolean IS_CIPHER_TOLD = new AtomicBoolean();

  private OtherDrivers() {}

  /** The central class of sqlite4j is being loaded. */
  static void sqlite4j() {
    if (IS_WASM_TOLD.compareAndSet(false, true)) {
      Stderr.line(
          "databases of sqlite4j are not replicated: it runs SQLite in WebAssembly on files in"
              + " memory, without a WAL. Use org.xerial:sqlite-jdbc for databases that have to be"
              + " replicated");
    }
  }

  /**
   * Whether a NativeDB is the encrypting fork's; says so the first time.
   *
   * @param loader of the NativeDB; null for the bootstrap loader
   */
  static boolean isCipherFork(@Nullable ClassLoader loader) {
    URL fork = resource(loader, CIPHER_CONFIG);
    if (fork == null) {
      return false;
    }
    // The fork's class may come from an outer loader, while the NativeDB of this one is Xerial's.
    String nativeDb = String.valueOf(resource(loader, NATIVE_DB));
    if (!fork.toString().equals(nativeDb.replace(NATIVE_DB, CIPHER_CONFIG))) {
      return false;
    }
    if (IS_CIPHER_TOLD.compareAndSet(false, true)) {
      Stderr.line(
          "databases of io.github.willena:sqlite-jdbc are not replicated: the fork can encrypt"
              + " them, and the agent does not have the keys. Use org.xerial:sqlite-jdbc for"
              + " databases that have to be replicated");
    }
    return true;
  }

  private static URL resource(@Nullable ClassLoader loader, String name) {
    return loader == null ? ClassLoader.getSystemResource(name) : loader.getResource(name);
  }
}
