package io.walsync.store;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The file that a connection was opened on, told from the name that was given to SQLite. */
final class ConnectionTarget {

  private static final String MEMORY = ":memory:";
  private static final String URI_SCHEME = "file:";

  private ConnectionTarget() {}

  /**
   * @param name as passed to SQLite: a path or a {@code file:} URI
   * @return the file, or null for what cannot or must not be replicated: memory and temporary
   *     databases, read-only and immutable ones, and other VFSes
   */
  static File of(String name) {
    if (name == null || name.isEmpty() || MEMORY.equals(name)) {
      return null;
    }
    if (!name.startsWith(URI_SCHEME)) {
      return new File(name);
    }
    int question = name.indexOf('?');
    String path = name.substring(URI_SCHEME.length(), question < 0 ? name.length() : question);
    String query = question < 0 ? "" : name.substring(question + 1).toLowerCase(Locale.ROOT);
    for (String parameter : query.split("&")) {
      boolean isOutOfReach =
          parameter.equals("mode=memory")
              || parameter.equals("mode=ro")
              || parameter.equals("immutable=1")
              || parameter.startsWith("vfs=");
      if (isOutOfReach) {
        return null;
      }
    }
    String decoded = decode(path);
    return decoded.isEmpty() || MEMORY.equals(decoded) ? null : new File(decoded);
  }

  private static String decode(String path) {
    String local = path.startsWith("//localhost/") ? path.substring("//localhost".length()) : path;
    String plain = local.startsWith("///") ? local.substring(2) : local;
    try {
      return plain.indexOf('%') < 0 ? plain : new URI("x://h" + plain).getPath();
    } catch (URISyntaxException notEscaped) {
      return plain;
    }
  }
}
