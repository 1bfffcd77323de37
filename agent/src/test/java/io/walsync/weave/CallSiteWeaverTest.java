package io.walsync.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers that were loaded before the agent, over every shape that sqlite-jdbc has had. */
class CallSiteWeaverTest {

  private static final String BRIDGE = Type.getInternalName(RecordingBridge.class);

  @TempDir Path folder;

  static Stream<File> drivers() {
    return NativeDbWeaverTest.drivers();
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void noCallOfAWovenNativeIsLeft(File driver) throws Exception {
    DriverShape shape = shape(driver);
    CallSiteWeaver weaver = new CallSiteWeaver(shape, BRIDGE);
    int changedCount = 0;
    for (Map.Entry<String, byte[]> entry : classes(driver).entrySet()) {
      byte[] woven = weaver.weave(entry.getValue());
      changedCount += woven == null ? 0 : 1;
      assertThat(calls(shape, woven == null ? entry.getValue() : woven))
          .as(entry.getKey())
          .isEmpty();
    }
    assertThat(changedCount).isGreaterThanOrEqualTo(5);
    assertThat(weaver.redirected())
        .contains(
            WovenNative.STEP,
            WovenNative.RESET,
            WovenNative.FINALIZE,
            WovenNative.CLOSE,
            WovenNative.BACKUP,
            WovenNative.RESTORE);
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void nothingOfTheClassesShapeChanges(File driver) throws Exception {
    CallSiteWeaver weaver = new CallSiteWeaver(shape(driver), BRIDGE);
    for (byte[] classFile : classes(driver).values()) {
      byte[] woven = weaver.weave(classFile);
      if (woven != null) {
        assertThat(members(woven)).isEqualTo(members(classFile));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void wovenClassesPassTheVerifier(File driver) throws Exception {
    WovenDriver loader = new WovenDriver(driver);
    CallSiteWeaver weaver = new CallSiteWeaver(shape(driver), BRIDGE);
    for (Map.Entry<String, byte[]> entry : classes(driver).entrySet()) {
      if (weaver.weave(entry.getValue()) != null) {
        String name = entry.getKey().replace('/', '.');
        assertThatCode(() -> Class.forName(name, true, loader)).as(name).doesNotThrowAnyException();
      }
    }
    String redirects = shape(driver).redirects().replace('/', '.');
    assertThatCode(() -> Class.forName(redirects, true, loader)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aDriverAtWorkTellsWhatItsWovenNativesWouldTell(File driver) throws Exception {
    String file = folder.resolve("a.db").toString();
    RecordingBridge.reset(true);
    Class<?> jdbc = Class.forName("org.sqlite.JDBC", true, new WovenDriver(driver));
    java.sql.Driver instance = (java.sql.Driver) jdbc.getConstructor().newInstance();
    try (Connection connection = instance.connect("jdbc:sqlite:" + file, new Properties())) {
      assertThat(events()).contains("opened " + file);

      assertThat(during(() -> update(connection, "create table t (x)")))
          .contains("hook beforeCall create table t (x)", "hook afterCall create table t (x) 0");
      try (PreparedStatement insert = connection.prepareStatement("insert into t values (7)")) {
        assertThat(during(insert::executeUpdate))
            .anyMatch(event -> event.matches("running .*Prep.*St.*m.*t.*"))
            .anyMatch(event -> event.matches("hook before [0-9-]+"))
            .anyMatch(event -> event.matches("hook after [0-9-]+ 101"));
      }
      assertThat(during(() -> select(connection)))
          .anyMatch(event -> event.matches("hook prepared select x from t [0-9-]+"))
          .anyMatch(event -> event.matches("hook after [0-9-]+ 101"));
      RecordingBridge.reset(true);
    }
    assertThat(events()).contains("hook beforeCall close", "hook afterCall close 0");
  }

  private interface Work {
    void run() throws Exception;
  }

  private static List<String> during(Work work) throws Exception {
    RecordingBridge.reset(true);
    work.run();
    return events();
  }

  /** SQL as text, whichever way the driver passes it. */
  private static List<String> events() {
    return new ArrayList<>(RecordingBridge.EVENTS);
  }

  private static void update(Connection connection, String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static void select(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select x from t")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isEqualTo(7);
      assertThat(row.next()).isFalse();
    }
  }

  private static DriverShape shape(File driver) throws Exception {
    URL[] path = {driver.toURI().toURL()};
    return DriverShape.of(nativeDb(new URLClassLoader(path, ClassLoader.getPlatformClassLoader())));
  }

  private static Class<?> nativeDb(ClassLoader loader) throws ClassNotFoundException {
    try {
      return Class.forName("org.sqlite.core.NativeDB", false, loader);
    } catch (ClassNotFoundException before3Point8) {
      return Class.forName("org.sqlite.NativeDB", false, loader);
    }
  }

  private static Map<String, byte[]> classes(File driver) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (JarFile jar = new JarFile(driver)) {
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        String name = entry.getName();
        if (name.startsWith("org/sqlite/") && name.endsWith(".class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            classes.put(name.substring(0, name.length() - ".class".length()), in.readAllBytes());
          }
        }
      }
    }
    return classes;
  }

  private static List<String> calls(DriverShape shape, byte[] classFile) {
    List<String> found = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String method, String descriptor, String sig, String[] thrown) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String name, String type, boolean isInterface) {
                    add(owner, name, type);
                  }

                  @Override
                  public void visitInvokeDynamicInsn(
                      String name, String type, Handle bootstrap, Object... arguments) {
                    for (Object argument : arguments) {
                      if (argument instanceof Handle handle) {
                        add(handle.getOwner(), handle.getName(), handle.getDesc());
                      }
                    }
                  }

                  private void add(String owner, String name, String type) {
                    if (shape.callee(owner, name, type) != null) {
                      found.add(method + " calls " + owner + "." + name);
                    }
                  }
                };
              }
            },
            0);
    return found;
  }

  private static List<String> members(byte[] classFile) {
    List<String> members = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String sig, String[] thrown) {
                members.add(access + " " + name + descriptor);
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return members.stream().sorted().collect(Collectors.toList());
  }

  /** The driver as it is after an attach, but woven as it is loaded. */
  private static final class WovenDriver extends URLClassLoader {

    private final DriverShape shape;
    private final CallSiteWeaver weaver;

    WovenDriver(File driver) throws Exception {
      super(new URL[] {driver.toURI().toURL()}, ClassLoader.getPlatformClassLoader());
      shape = shape(driver);
      weaver = new CallSiteWeaver(shape, BRIDGE);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.equals(RecordingBridge.class.getName()) || name.startsWith("org.slf4j.")) {
        return Class.forName(name);
      }
      String path = name.replace('.', '/');
      if (path.equals(shape.redirects())) {
        byte[] classFile = new RedirectsClass(shape, BRIDGE).classFile();
        return defineClass(name, classFile, 0, classFile.length);
      }
      try (InputStream in = getResourceAsStream(path + ".class")) {
        byte[] original = in == null ? null : in.readAllBytes();
        byte[] woven = original == null ? null : weaver.weave(original);
        return woven == null ? super.findClass(name) : defineClass(name, woven, 0, woven.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
