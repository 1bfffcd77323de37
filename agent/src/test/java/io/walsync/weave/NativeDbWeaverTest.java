package io.walsync.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The structure of woven NativeDBs, over every shape that sqlite-jdbc has had. */
class NativeDbWeaverTest {

  private static final int DRIVER_COUNT = 10;
  private static final String BRIDGE = Type.getInternalName(RecordingBridge.class);
  private static final Set<String> WOVEN =
      Stream.of(WovenNative.values()).map(WovenNative::methodName).collect(Collectors.toSet());

  static Stream<File> drivers() {
    File[] jars = new File(System.getProperty("walsync.drivers")).listFiles();
    assertThat(jars).hasSize(DRIVER_COUNT);
    return Arrays.stream(jars).sorted();
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void eachWovenNativeHasAWrapperOfItsOldNameAndModifiers(File driver) throws Exception {
    Class<?> before = load(driver, nativeDb(driver));
    Class<?> after = load(driver, weave(driver));
    int wrapperCount = 0;
    for (Method old : before.getDeclaredMethods()) {
      Method now = after.getDeclaredMethod(old.getName(), sameTypes(after, old));
      if (Modifier.isNative(old.getModifiers()) && WOVEN.contains(old.getName())) {
        wrapperCount++;
        assertThat(Modifier.toString(now.getModifiers()))
            .isEqualTo(Modifier.toString(old.getModifiers() & ~Modifier.NATIVE));
        assertThat(names(now.getExceptionTypes())).isEqualTo(names(old.getExceptionTypes()));
        Method renamed = after.getDeclaredMethod("walsync$" + old.getName(), sameTypes(after, old));
        assertThat(Modifier.toString(renamed.getModifiers())).isEqualTo("private native");
        assertThat(renamed.getReturnType().getName()).isEqualTo(old.getReturnType().getName());
      } else {
        assertThat(now.getModifiers()).isEqualTo(old.getModifiers());
      }
    }
    assertThat(wrapperCount).isGreaterThanOrEqualTo(7);
    assertThat(after.getDeclaredMethods())
        .hasSize(before.getDeclaredMethods().length + wrapperCount + (isAsked(driver) ? 1 : 0));
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void theFileIsAskedOnlyWhereSqliteAnswersWithoutReadingIt(File driver) throws Exception {
    Class<?> woven = load(driver, weave(driver));
    assertThat(Stream.of(woven.getDeclaredMethods()).map(Method::getName))
        .filteredOn("walsync$file"::equals)
        .hasSize(isAsked(driver) ? 1 : 0);
  }

  /** Before 3.39, {@code database_list} read the schema. */
  private static boolean isAsked(File driver) {
    return driver.getName().matches(".*-3\\.(39|[4-9].)\\..*");
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void theHookIsOnePublicTransientSyntheticField(File driver) throws Exception {
    Class<?> before = load(driver, nativeDb(driver));
    Class<?> after = load(driver, weave(driver));
    Field hook = after.getDeclaredField("walsync$hook");
    assertThat(hook.getType()).isEqualTo(Object.class);
    assertThat(hook.isSynthetic()).isTrue();
    assertThat(hook.getModifiers() & (Modifier.PUBLIC | Modifier.TRANSIENT | Modifier.STATIC))
        .isEqualTo(Modifier.PUBLIC | Modifier.TRANSIENT);
    assertThat(after.getDeclaredFields()).hasSize(before.getDeclaredFields().length + 1);
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void theWovenClassPassesTheVerifier(File driver) throws Exception {
    Class<?> woven = load(driver, weave(driver));
    assertThat(Class.forName(woven.getName(), true, woven.getClassLoader())).isSameAs(woven);
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void wovenCodeRefersToNoNewClassButTheBridge(File driver) throws Exception {
    Set<String> added = referredTypes(weave(driver));
    added.removeAll(referredTypes(nativeDb(driver)));
    added.removeAll(Set.of("java/lang/Object", "java/lang/Throwable"));
    assertThat(added).containsExactly(BRIDGE);
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aWovenClassIsNotWovenAgain(File driver) throws Exception {
    byte[] woven = weave(driver);
    assertThatThrownBy(() -> new NativeDbWeaver(BRIDGE).weave(woven))
        .isInstanceOf(UnweavableException.class)
        .hasMessageContaining("woven already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"step", "reset", "finalize", "_close"})
  void aMissingNativeIsNamed(String method) throws Exception {
    byte[] lacking = without(nativeDb(newest()), method);
    assertThatThrownBy(() -> new NativeDbWeaver(BRIDGE).weave(lacking))
        .isInstanceOf(UnweavableException.class)
        .hasMessageContaining("org.sqlite.core.NativeDB lacks the native " + method);
  }

  @Test
  void allMissingNativesAreNamedAtOnce() throws Exception {
    byte[] lacking = without(nativeDb(newest()), "_open_utf8", "prepare_utf8", "_exec_utf8");
    assertThatThrownBy(() -> new NativeDbWeaver(BRIDGE).weave(lacking))
        .isInstanceOf(UnweavableException.class)
        .hasMessageContaining("_open or _open_utf8, prepare or prepare_utf8, _exec or _exec_utf8");
  }

  @Test
  void aNativeOfAnotherShapeCountsAsMissing() throws Exception {
    byte[] changed = withDescriptor(nativeDb(newest()), "step", "(JI)I");
    assertThatThrownBy(() -> new NativeDbWeaver(BRIDGE).weave(changed))
        .isInstanceOf(UnweavableException.class)
        .hasMessageContaining("lacks the native step");
  }

  private static File newest() {
    return drivers().filter(jar -> jar.getName().contains("-3.54.")).findFirst().orElseThrow();
  }

  private static byte[] weave(File driver) throws IOException {
    return new NativeDbWeaver(BRIDGE).weave(nativeDb(driver));
  }

  private static byte[] nativeDb(File driver) throws IOException {
    try (JarFile jar = new JarFile(driver)) {
      ZipEntry entry = jar.getEntry("org/sqlite/core/NativeDB.class");
      if (entry == null) {
        entry = jar.getEntry("org/sqlite/NativeDB.class");
      }
      try (InputStream in = jar.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }

  /** Each call a loader of its own, with the rest of the driver and the recording bridge. */
  private static Class<?> load(File driver, byte[] nativeDb) throws Exception {
    return new DriverLoader(driver).define(nativeDb);
  }

  private static Class<?>[] sameTypes(Class<?> declaring, Method method) throws Exception {
    Class<?>[] types = method.getParameterTypes();
    for (int i = 0; i < types.length; i++) {
      if (!types[i].isPrimitive()) {
        types[i] = Class.forName(types[i].getName(), false, declaring.getClassLoader());
      }
    }
    return types;
  }

  private static Set<String> names(Class<?>[] types) {
    return Stream.of(types).map(Class::getName).collect(Collectors.toSet());
  }

  private static Set<String> referredTypes(byte[] classFile) {
    Set<String> types = new TreeSet<>();
    Remapper recorder =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String internalName) {
            types.add(internalName);
            return internalName;
          }
        };
    new ClassReader(classFile).accept(new ClassRemapper(new ClassWriter(0), recorder), 0);
    return types;
  }

  private static byte[] without(byte[] classFile, String... methods) {
    Set<String> dropped = new HashSet<>(Arrays.asList(methods));
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String sig, String[] thrown) {
                boolean isDropped = dropped.contains(name) && (access & Opcodes.ACC_NATIVE) != 0;
                return isDropped ? null : super.visitMethod(access, name, descriptor, sig, thrown);
              }
            },
            0);
    return writer.toByteArray();
  }

  private static byte[] withDescriptor(byte[] classFile, String method, String newDescriptor) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String sig, String[] thrown) {
                return super.visitMethod(
                    access, name, name.equals(method) ? newDescriptor : descriptor, sig, thrown);
              }
            },
            0);
    return writer.toByteArray();
  }

  private static final class DriverLoader extends URLClassLoader {

    DriverLoader(File driver) throws IOException {
      super(new URL[] {driver.toURI().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    Class<?> define(byte[] classFile) {
      return defineClass(null, classFile, 0, classFile.length);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      // slf4j: some drivers do not initialise without
      return name.equals(RecordingBridge.class.getName()) || name.startsWith("org.slf4j.")
          ? Class.forName(name)
          : super.findClass(name);
    }
  }
}
