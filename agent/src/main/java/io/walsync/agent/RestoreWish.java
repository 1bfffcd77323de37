package io.walsync.agent;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Whether a configuration may want missing databases restored, told from its bytes and the
 * environment: asked before the application's first open, when reading it would cost too much.
 */
final class RestoreWish {

  private static final String KEY = "restore-if-db-not-exists";

  private static final String PROPERTY = "walsync." + KEY;
  private static final String VARIABLE = "WALSYNC_RESTORE_IF_DB_NOT_EXISTS";

  /** A larger file is not read here: it may. */
  private static final int MOST_BYTES = 1 << 20;

  private RestoreWish() {}

  /**
   * @param given the path or URL that was given with the agent; null for none
   */
  static boolean isIn(@Nullable String given) {
    try {
      if (System.getProperty(PROPERTY) != null || System.getenv(VARIABLE) != null) {
        return true;
      }
      String path = given == null || given.isEmpty() ? System.getProperty("walsync.config") : given;
      path = path == null || path.isEmpty() ? System.getenv("WALSYNC_CONFIG") : path;
      File file = path == null ? null : new File(path);
      return file != null && file.isFile() && (file.length() > MOST_BYTES || isNamed(read(file)));
    } catch (IOException | SecurityException cannotBeReadLaterEither) {
      return false;
    }
  }

  /** With a slip too, which is told when the configuration is read. */
  private static boolean isNamed(String text) {
    return text.contains("restore-if") || text.contains("restore_if");
  }

  private static String read(File file) throws IOException {
    byte[] bytes = new byte[(int) file.length()];
    int count = 0;
    try (FileInputStream in = new FileInputStream(file)) {
      for (int more = in.read(bytes);
          more > 0;
          more = in.read(bytes, count, bytes.length - count)) {
        count += more;
      }
    }
    return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
  }
}
