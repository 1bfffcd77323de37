package io.walsync.bootstrap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent and its libraries from folders of the agent's jar. Their class files are named
 * {@code .classdata} there, so that no other loader finds them.
 *
 * <p>Invariants: its own folders come first, then the JDK; never a class or resource of the
 * application. In a host process the folder with sqlite-jdbc is left out: two copies of SQLite in
 * one process corrupt a database.
 *
 * <p>Threading: parallel capable.
 */
final class AgentClassLoader extends ClassLoader {

  static {
    ClassLoader.registerAsParallelCapable();
  }

  private static final String[] HOST_FOLDERS = {"inst/"};
  private static final String[] COMMAND_LINE_FOLDERS = {"inst/", "cli/"};
  private static final String CLASS = ".class";
  private static final String CLASSDATA = ".classdata";
  private static final String OWN_PACKAGES = "io.walsync.";

  private final AgentJar jar;
  private final String[] folders;
  private final EntryUrls urls;
  private final ProtectionDomain domain;
  private final @Nullable String version;

  private AgentClassLoader(AgentJar jar, String[] folders) throws IOException {
    super(platformLoader());
    this.jar = jar;
    this.folders = folders;
    this.urls = new EntryUrls(jar);
    this.domain = domain(jar);
    this.version = jar.attribute("Implementation-Version");
  }

  /** The agent without any SQLite: it uses the host's. */
  static ClassLoader forHost(AgentJar jar) throws IOException {
    return new AgentClassLoader(jar, HOST_FOLDERS);
  }

  /** The agent with the jar's own sqlite-jdbc, for the process of the command line. */
  static ClassLoader forCommandLine(AgentJar jar) throws IOException {
    return new AgentClassLoader(jar, COMMAND_LINE_FOLDERS);
  }

  /**
   * The loader that has the JDK's java.sql: the platform loader from Java 9 on, and null, the
   * bootstrap loader, before. Calling {@code ClassLoader.getPlatformClassLoader} by reflection
   * would cost a cold JVM 15 ms.
   */
  private static @Nullable ClassLoader platformLoader() {
    return Driver.class.getClassLoader();
  }

  private ProtectionDomain domain(AgentJar jar) throws MalformedURLException {
    Permissions all = new Permissions();
    all.add(new AllPermission());
    CodeSource source = new CodeSource(jar.file().toURI().toURL(), (Certificate[]) null);
    return new ProtectionDomain(source, all, this, null);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      if (type == null && !name.startsWith("java.")) {
        type = define(name);
      }
      if (type == null) {
        type = loadFromJdk(name);
      }
      if (resolve) {
        resolveClass(type);
      }
      return type;
    }
  }

  /**
   * Loads a class of the JDK only: the platform loader would also find classes of the application's
   * named modules.
   */
  private Class<?> loadFromJdk(String name) throws ClassNotFoundException {
    Class<?> type = super.loadClass(name, false);
    ClassLoader definedBy = type.getClassLoader();
    if (definedBy != null && definedBy != getParent()) {
      throw new ClassNotFoundException(name + " belongs to the application");
    }
    return type;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    throw new ClassNotFoundException(name);
  }

  /** Null if the jar does not have it. */
  private @Nullable Class<?> define(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + CLASSDATA;
    for (String folder : folders) {
      byte[] classFile;
      try {
        classFile = jar.read(folder + path);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
      if (classFile != null) {
        definePackageOf(name);
        return defineClass(name, classFile, 0, classFile.length, domain);
      }
    }
    return null;
  }

  private void definePackageOf(String className) {
    int dot = className.lastIndexOf('.');
    if (dot < 0) {
      return;
    }
    String name = className.substring(0, dot);
    if (getPackage(name) != null) {
      return;
    }
    String ownVersion = name.startsWith(OWN_PACKAGES) ? version : null;
    try {
      definePackage(name, null, null, null, null, ownVersion, null, null);
    } catch (IllegalArgumentException definedMeanwhile) {
      // another thread has just loaded the first class of the package
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    try {
      String entry = entryOf(name);
      return entry == null ? null : urls.of(entry);
    } catch (IOException unreadable) {
      return null;
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> found = new ArrayList<>();
    for (String folder : folders) {
      String entry = folder + classdata(name);
      if (jar.contains(entry)) {
        found.add(urls.of(entry));
      }
    }
    return Collections.enumeration(found);
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    try {
      String entry = entryOf(name);
      byte[] content = entry == null ? null : jar.read(entry);
      return content == null ? null : new ByteArrayInputStream(content);
    } catch (IOException unreadable) {
      return null;
    }
  }

  /** Null if the jar does not have it. */
  private @Nullable String entryOf(String name) throws IOException {
    for (String folder : folders) {
      String entry = folder + classdata(name);
      if (jar.contains(entry)) {
        return entry;
      }
    }
    return null;
  }

  private static String classdata(String name) {
    return name.endsWith(CLASS)
        ? name.substring(0, name.length() - CLASS.length()) + CLASSDATA
        : name;
  }
}
