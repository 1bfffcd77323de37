package io.walsync.databases;

import io.walsync.hook.FileConnection;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The file that a connection has open, as SQLite tells it, and the name by which the application
 * asked for it.
 */
final class ConnectionTarget {

  static final String MEMORY = ":memory:";
  private static final String NAME_ENCODING = "sun.jnu.encoding";

  private final File named;
  private final File real;
  private final @Nullable UriName uri;

  private ConnectionTarget(File named, File real, @Nullable UriName uri) {
    this.named = named;
    this.real = real;
    this.uri = uri;
  }

  /**
   * @return null for a database in memory and for a temporary one
   * @throws IOException if it cannot be found out which file it is
   */
  static @Nullable ConnectionTarget of(FileConnection connection) throws IOException {
    return of(connection.fileName(), connection.file());
  }

  static @Nullable ConnectionTarget of(String name, @Nullable String file) throws IOException {
    if (file == null) {
      throw new IOException("this version of sqlite-jdbc does not tell which file it has open");
    }
    if (file.isEmpty() || MEMORY.equals(file)) {
      return null;
    }
    checkExpressible(file);
    File real = new File(file).getCanonicalFile();
    UriName uri = isUri(name, file) ? UriName.of(name) : null;
    File named = new File(uri == null ? name : uri.path()).getAbsoluteFile();
    return new ConnectionTarget(leadsTo(named, real) ? named : real, real, uri);
  }

  /**
   * SQLite takes file names as bytes. Java, except on Windows, must be able to encode them in the
   * charset of the system.
   */
  private static void checkExpressible(String file) throws IOException {
    String encoding = System.getProperty(NAME_ENCODING, "UTF-8");
    if (File.separatorChar == '/' && !Charset.forName(encoding).newEncoder().canEncode(file)) {
      throw new IOException(
          "this JVM cannot express the name of the file in its encoding, "
              + encoding
              + ". Start the application in a UTF-8 locale, for example with LC_ALL=C.UTF-8");
    }
  }

  /**
   * Whether the name is a URI that SQLite read as one. Old versions take it for the name of a file,
   * question mark included.
   */
  private static boolean isUri(String name, String file) {
    return name.startsWith(UriName.SCHEME) && !new File(file).getName().equals(lastPart(name));
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static boolean leadsTo(File named, File real) {
    try {
      return named.getCanonicalFile().equals(real);
    } catch (IOException noPath) {
      return false;
    }
  }

  /**
   * Absolute path as the application wrote it, links not resolved, if it still leads to the file.
   */
  File named() {
    return named;
  }

  /** Absolute path with links resolved. */
  File real() {
    return real;
  }

  /** Whether the application said that this connection only reads. */
  boolean isReadOnly() {
    return uri != null && uri.isReadOnly();
  }

  /** Why no second connection may open the file beside this one, in words; null if one may. */
  @Nullable String obstacle() {
    String parameter = uri == null ? null : uri.obstacle();
    return parameter == null
        ? null
        : "the application opened it with "
            + parameter
            + ", so that a second connection would not see its locks and could damage the database."
            + " Open it without that to have it replicated";
  }
}
