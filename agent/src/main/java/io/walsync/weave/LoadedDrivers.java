package io.walsync.weave;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.ref.WeakReference;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The copies of sqlite-jdbc whose NativeDB was loaded before the agent came. Their loaded classes
 * are retransformed; classes that they load later are woven as they are loaded.
 *
 * <p>Threading: {@link #weave} and {@link #unweave} one at a time; {@link #transform} from any
 * thread that loads a class.
 */
final class LoadedDrivers implements ClassFileTransformer {

  private static final List<String> NATIVE_DBS =
      Arrays.asList("org.sqlite.core.NativeDB", "org.sqlite.NativeDB");

  /** A class that only the encrypting fork has; its other classes have the names of Xerial's. */
  private static final String CIPHER_CONFIG = "org.sqlite.mc.SQLiteMCConfig";

  private static final String PACKAGE = "org.sqlite.";
  private static final String PATH = "org/sqlite/";

  /** Of each row at least one native must be called in the driver, or commits would be missed. */
  private static final WovenNative[][] REQUIRED = {
    {WovenNative.STEP},
    {WovenNative.RESET},
    {WovenNative.FINALIZE},
    {WovenNative.CLOSE},
    {WovenNative.OPEN, WovenNative.OPEN_UTF8},
    {WovenNative.PREPARE, WovenNative.PREPARE_UTF8},
    {WovenNative.EXEC, WovenNative.EXEC_UTF8},
  };

  /** One copy of the driver. */
  private static final class Driver {

    /** A weak reference: the driver of an undeployed application must stay collectable. */
    final WeakReference<ClassLoader> loader;

    final CallSiteWeaver weaver;
    private @Nullable Throwable failure;

    Driver(ClassLoader loader, CallSiteWeaver weaver) {
      this.loader = new WeakReference<>(loader);
      this.weaver = weaver;
    }

    synchronized byte @Nullable [] weave(byte[] classFile) {
      try {
        return weaver.weave(classFile);
      } catch (RuntimeException | LinkageError e) {
        failure = e;
        return null;
      }
    }

    synchronized void check() {
      if (failure != null) {
        throw new UnweavableException("this version of sqlite-jdbc is unknown: " + failure);
      }
      Set<WovenNative> found = weaver.redirected();
      for (WovenNative[] alternatives : REQUIRED) {
        if (Arrays.stream(alternatives).noneMatch(found::contains)) {
          throw new UnweavableException(
              "this version of sqlite-jdbc is unknown: no call of the native "
                  + alternatives[0].methodName()
                  + " was found in it");
        }
      }
    }
  }

  private final Instrumentation instrumentation;
  private final String bridge;
  private final DriverModule module;
  private volatile List<Driver> drivers = new ArrayList<>();

  LoadedDrivers(Instrumentation instrumentation, String bridge) {
    this.instrumentation = instrumentation;
    this.bridge = bridge;
    this.module = new DriverModule(instrumentation);
  }

  /**
   * @return how many copies have been woven now
   * @throws UnweavableException if one of them is unknown; then all of them have their own code
   */
  int weave() {
    List<Driver> found = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      boolean isUnwoven =
          NATIVE_DBS.contains(type.getName())
              && !isWoven(type)
              && driverOf(type.getClassLoader()) == null;
      if (isUnwoven) {
        found.add(prepare(type));
      }
    }
    if (found.isEmpty()) {
      return 0;
    }
    List<Driver> all = new ArrayList<>(drivers);
    all.addAll(found);
    boolean isFirst = drivers.isEmpty();
    drivers = all;
    if (isFirst) {
      instrumentation.addTransformer(this, true);
    }
    try {
      retransform();
      found.forEach(Driver::check);
    } catch (RuntimeException | Error e) {
      unweave();
      throw e;
    }
    return found.size();
  }

  private static boolean isWoven(Class<?> nativeDb) {
    try {
      return nativeDb.getDeclaredField(NativeDbWeaver.HOOK_FIELD) != null;
    } catch (NoSuchFieldException loadedBeforeTheAgent) {
      return false;
    }
  }

  private Driver prepare(Class<?> nativeDb) {
    if (isLoaded(CIPHER_CONFIG, nativeDb.getClassLoader())) {
      throw new UnweavableException(
          "the application uses io.github.willena:sqlite-jdbc, whose databases cannot be replicated:"
              + " the fork can encrypt them, and the agent does not have the keys");
    }
    try {
      DriverShape shape = DriverShape.of(nativeDb);
      module.open(nativeDb);
      String redirects = shape.redirects().replace('/', '.');
      if (!isLoaded(redirects, nativeDb.getClassLoader())) {
        ClassDefiner.define(nativeDb, redirects, new RedirectsClass(shape, bridge).classFile());
      }
      return new Driver(nativeDb.getClassLoader(), new CallSiteWeaver(shape, bridge));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new UnweavableException("the sqlite-jdbc that is loaded cannot be woven: " + e);
    }
  }

  /** Whether the class is loaded already, from an earlier attach. */
  private static boolean isLoaded(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException first) {
      return false;
    }
  }

  private void retransform() {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      boolean isCandidate =
          type.getName().startsWith(PACKAGE)
              && !type.isArray()
              && !type.isInterface()
              && !type.isEnum()
              && driverOf(type.getClassLoader()) != null
              && instrumentation.isModifiableClass(type);
      if (isCandidate) {
        classes.add(type);
      }
    }
    try {
      // All classes in one call, since each call stops the application for a moment.
      instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | LinkageError | UnsupportedOperationException e) {
      throw new UnweavableException("the JVM refuses to change sqlite-jdbc: " + e);
    }
  }

  private @Nullable Driver driverOf(ClassLoader loader) {
    for (Driver driver : drivers) {
      if (driver.loader.get() == loader) {
        return driver;
      }
    }
    return null;
  }

  @Override
  public byte @Nullable [] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] classFile) {
    if (className == null || !className.startsWith(PATH)) {
      return null;
    }
    Driver driver = driverOf(loader);
    return driver == null ? null : driver.weave(classFile);
  }

  /** Every class gets its own code back. */
  void unweave() {
    if (drivers.isEmpty()) {
      return;
    }
    instrumentation.removeTransformer(this);
    retransform();
    drivers = new ArrayList<>();
  }
}
