package io.walsync.bootstrap;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own jar, opened once and read by entry name. Signatures are not verified: in a
 * premain that takes seconds, since the digests are not compiled yet, and the JVM has already run
 * code from this jar.
 *
 * <p>Threading: any thread.
 */
final class AgentJar implements Closeable {

  /** Bytes. Entries outside bundles have a few kilobytes; a larger one is damaged. */
  private static final int MAX_ENTRY_BYTES = 1 << 20;

  private static final String BUNDLE_SUFFIX = ".bundle";

  private final File file;
  private final JarFile jar;
  private final Map<String, Bundle> bundles = new HashMap<>();

  private AgentJar(File file, JarFile jar) {
    this.file = file;
    this.jar = jar;
  }

  /**
   * @throws IOException if {@code file} is no jar
   */
  static AgentJar open(File file) throws IOException {
    return new AgentJar(file, new JarFile(file, false));
  }

  /**
   * The jar that {@code type} was loaded from.
   *
   * @throws IOException if it was not loaded from a jar file
   */
  static File locate(Class<?> type) throws IOException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !"file".equals(location.getProtocol())) {
      throw new IOException("the agent must be loaded from a jar file, not from " + location);
    }
    File file;
    try {
      file = new File(location.toURI());
    } catch (URISyntaxException notEscaped) {
      file = new File(location.getPath());
    }
    if (!file.isFile()) {
      throw new IOException("the agent must be loaded from a jar file, not from " + file);
    }
    return file;
  }

  File file() {
    return file;
  }

  /**
   * @param entry the name of an entry, or of a file in a bundle: {@code inst/x} is the file {@code
   *     x} of {@code inst.bundle}
   */
  boolean contains(String entry) throws IOException {
    Bundle bundle = bundleOf(entry);
    return bundle == null ? jar.getEntry(entry) != null : bundle.contains(inBundle(entry));
  }

  /**
   * @param bundle without its suffix
   * @throws IOException if there is none
   */
  List<String> namesIn(String bundle) throws IOException {
    Bundle found = bundleOf(bundle + "/");
    if (found == null) {
      throw new IOException(file + " has no " + bundle + BUNDLE_SUFFIX);
    }
    return found.names();
  }

  /** The bundle that files of this name are in; null for entries of the jar itself. */
  private synchronized @Nullable Bundle bundleOf(String entry) throws IOException {
    int slash = entry.indexOf('/');
    if (slash < 0) {
      return null;
    }
    String folder = entry.substring(0, slash);
    Bundle known = bundles.get(folder);
    if (known == null && !bundles.containsKey(folder)) {
      ZipEntry bundle = jar.getEntry(folder + BUNDLE_SUFFIX);
      known = bundle == null ? null : new Bundle(jar, bundle);
      bundles.put(folder, known);
    }
    return known;
  }

  private static String inBundle(String entry) {
    return entry.substring(entry.indexOf('/') + 1);
  }

  /**
   * @param entry as in {@link #contains}
   * @return its content, or null if there is no such entry
   * @throws IOException if the jar is damaged, naming the entry
   */
  byte @Nullable [] read(String entry) throws IOException {
    Bundle bundle = bundleOf(entry);
    if (bundle != null) {
      return bundle.read(inBundle(entry));
    }
    ZipEntry found = jar.getEntry(entry);
    if (found == null) {
      return null;
    }
    long size = found.getSize();
    if (size < 0 || size > MAX_ENTRY_BYTES) {
      throw new IOException("reading " + entry + " of " + file + ": impossible size " + size);
    }
    byte[] content = new byte[(int) size];
    try (InputStream in = jar.getInputStream(found)) {
      new DataInputStream(in).readFully(content);
    }
    return content;
  }

  /**
   * As {@link #read}, of an entry that there must be.
   *
   * @throws IOException if there is none, or the jar is damaged
   */
  byte[] content(String entry) throws IOException {
    byte[] content = read(entry);
    if (content == null) {
      throw new IOException(file + " is not the Walsync agent: it has no " + entry);
    }
    return content;
  }

  /** The value of a main attribute of the manifest; null if absent. */
  @Nullable String attribute(String name) throws IOException {
    Manifest manifest = jar.getManifest();
    return manifest == null ? null : manifest.getMainAttributes().getValue(name);
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
