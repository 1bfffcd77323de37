package io.walsync.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the wrappers do, on a NativeDB whose natives are replaced by Java after weaving. */
class WrapperMethodTest {

  private static final int SQLITE_OK = 0;
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_ROW = 100;
  private static final int SQLITE_DONE = 101;

  /** The newest shape of NativeDB; compiled for the newest class file version, frames and all. */
  public static class Fixture {

    public long result;
    public Throwable failure;
    public int callCount;

    protected synchronized native void _open(String fileName, int flags) throws SQLException;

    protected synchronized native void _close() throws SQLException;

    public synchronized native int _exec(String sql) throws SQLException;

    synchronized native long prepare_utf8(byte[] sql) throws SQLException;

    protected synchronized native int finalize(long stmt);

    public synchronized native int step(long stmt);

    public synchronized native int reset(long stmt);

    synchronized native int backup(byte[] db, byte[] file, Object progress, int a, int b, int c);

    synchronized native int restore(byte[] db, byte[] file, Object progress, int a, int b, int c);

    public synchronized native void deserialize(String schema, byte[] content);

    /** The body of every native. */
    public long callNative() throws Throwable {
      callCount++;
      RecordingBridge.nativeCalled();
      if (failure != null) {
        throw failure;
      }
      return result;
    }
  }

  private Object nativeDb;

  @BeforeEach
  void weaveAFixture() throws Exception {
    byte[] woven =
        new NativeDbWeaver(Type.getInternalName(RecordingBridge.class))
            .weave(classFile(Fixture.class));
    nativeDb = new Definer().define(withJavaNatives(woven)).getConstructor().newInstance();
    RecordingBridge.reset(true);
  }

  @Test
  void anOpenTellsTheBridgeAfterwardsAndKeepsItsHook() throws Throwable {
    open();
    assertThat(events()).containsExactly("native", "opened a.db");
    assertThat(hook()).isSameAs(RecordingBridge.HOOK);
  }

  @Test
  void aFailedOpenTellsNobody() throws Exception {
    fail(new SQLException("no such file"));
    assertThatThrownBy(this::open).isInstanceOf(SQLException.class).hasMessage("no such file");
    assertThat(events()).containsExactly("native");
    assertThat(hook()).isNull();
  }

  @Test
  void everyOpenIsAnnouncedAndEndsWhetherItFailsOrNot() throws Throwable {
    int before = RecordingBridge.openingEndedCount;
    open();
    fail(new SQLException("no such file"));
    assertThatThrownBy(this::open).isInstanceOf(SQLException.class);
    assertThat(RecordingBridge.openingEndedCount).isEqualTo(before + 2);
    assertThat(RecordingBridge.openingCount).isZero();
  }

  @Test
  void anOpenThatTheGuardRefusesDoesNotReachSqlite() throws Throwable {
    int guarded = RecordingBridge.guardedCount;
    open();
    assertThat(RecordingBridge.guardedCount).isEqualTo(guarded + 1);
    RecordingBridge.reset(true);
    RecordingBridge.refusal = new SQLException("not now");
    try {
      assertThatThrownBy(this::open).isInstanceOf(SQLException.class).hasMessage("not now");
    } finally {
      RecordingBridge.refusal = null;
    }
    assertThat(events()).isEmpty();
    assertThat(RecordingBridge.openingCount).isZero();
  }

  @Test
  void withoutAHookTheNativesAreCalledAndNothingElse() throws Throwable {
    RecordingBridge.reset(false);
    open();
    assertThat(hook()).isNull();
    RecordingBridge.reset(false);
    set("result", 7L);

    assertThat(step(1)).isEqualTo(7);
    assertThat(call("reset", new Class<?>[] {long.class}, 1L)).isEqualTo(7);
    assertThat(call("finalize", new Class<?>[] {long.class}, 1L)).isEqualTo(7);
    assertThat(exec("insert")).isEqualTo(7);
    assertThat(prepare()).isEqualTo(7L);
    assertThat(copy("backup")).isEqualTo(7);
    assertThat(copy("restore")).isEqualTo(7);
    deserialize();
    close();
    assertThat(events()).hasSize(9).containsOnly("native");
  }

  @Test
  void aStepThatYieldsARowIsToldOnlyAtItsEntry() throws Throwable {
    openQuietly();
    set("result", (long) SQLITE_ROW);
    assertThat(step(42)).isEqualTo(SQLITE_ROW);
    assertThat(events()).containsExactly("hook before 42", "native");
  }

  @Test
  void aStepThatEndsIsToldAtEntryAndExit() throws Throwable {
    openQuietly();
    set("result", (long) SQLITE_DONE);
    assertThat(step(42)).isEqualTo(SQLITE_DONE);
    assertThat(events()).containsExactly("hook before 42", "native", "hook after 42 101");
  }

  @Test
  void resetAndFinalizeAreToldAtExit() throws Throwable {
    openQuietly();
    set("result", (long) SQLITE_BUSY);
    assertThat(call("reset", new Class<?>[] {long.class}, 42L)).isEqualTo(SQLITE_BUSY);
    assertThat(call("finalize", new Class<?>[] {long.class}, 43L)).isEqualTo(SQLITE_BUSY);
    assertThat(events()).containsExactly("native", "hook after 42 5", "native", "hook after 43 5");
  }

  @Test
  void anAddressBeyond32BitsPassesUnharmed() throws Throwable {
    openQuietly();
    set("result", 0x7fff_1234_5678_9abcL);
    assertThat(prepare()).isEqualTo(0x7fff_1234_5678_9abcL);
    assertThat(events().get(2)).endsWith(" " + 0x7fff_1234_5678_9abcL);
  }

  @Test
  void execIsToldWithItsSql() throws Throwable {
    openQuietly();
    set("result", (long) SQLITE_OK);
    assertThat(exec("insert")).isEqualTo(SQLITE_OK);
    assertThat(events())
        .containsExactly("hook beforeCall insert", "native", "hook afterCall insert 0");
  }

  @Test
  void backupRestoreAndDeserializeAreToldByName() throws Throwable {
    openQuietly();
    set("result", 9L);
    assertThat(copy("backup")).isEqualTo(9);
    assertThat(copy("restore")).isEqualTo(9);
    deserialize();
    assertThat(events())
        .containsExactly(
            "hook beforeCall backup",
            "native",
            "hook afterCall backup 9",
            "hook beforeCall restore",
            "native",
            "hook afterCall restore 9",
            "hook beforeCall deserialize",
            "native",
            "hook afterCall deserialize 0");
  }

  @Test
  void aCloseDropsTheHookAfterTellingIt() throws Throwable {
    openQuietly();
    close();
    assertThat(events())
        .containsExactly("hook beforeCall close", "native", "hook afterCall close 0");
    assertThat(hook()).isNull();
  }

  @Test
  void aFailedCloseKeepsTheHookSinceTheConnectionLives() throws Throwable {
    openQuietly();
    fail(new SQLException("unfinalized statements"));
    assertThatThrownBy(this::close).isInstanceOf(SQLException.class);
    assertThat(events()).endsWith("hook afterCall close -1");
    assertThat(hook()).isSameAs(RecordingBridge.HOOK);
  }

  @Test
  void whatANativeThrowsPassesUnchangedAndIsTold() throws Throwable {
    openQuietly();
    Throwable failure = new IllegalStateException("a commit listener threw after the commit");
    fail(failure);

    assertThatThrownBy(() -> step(42)).isSameAs(failure);
    assertThatThrownBy(() -> exec("insert")).isSameAs(failure);
    assertThatThrownBy(this::prepare).isSameAs(failure);
    assertThatThrownBy(this::deserialize).isSameAs(failure);
    assertThat(events())
        .containsExactly(
            "hook before 42",
            "native",
            "hook after 42 -1",
            "hook beforeCall insert",
            "native",
            "hook afterCall insert -1",
            "hook before 0",
            "native",
            "hook after 0 -1",
            "hook beforeCall deserialize",
            "native",
            "hook afterCall deserialize -1");
  }

  private void open() throws Throwable {
    call("_open", new Class<?>[] {String.class, int.class}, "a.db", 6);
  }

  private void openQuietly() throws Throwable {
    open();
    RecordingBridge.reset(true);
  }

  private void close() throws Throwable {
    call("_close", new Class<?>[0]);
  }

  private Object step(long stmt) throws Throwable {
    return call("step", new Class<?>[] {long.class}, stmt);
  }

  private Object exec(String sql) throws Throwable {
    return call("_exec", new Class<?>[] {String.class}, sql);
  }

  private Object prepare() throws Throwable {
    return call("prepare_utf8", new Class<?>[] {byte[].class}, (Object) new byte[] {1});
  }

  private Object copy(String method) throws Throwable {
    Class<?>[] parameters = {
      byte[].class, byte[].class, Object.class, int.class, int.class, int.class
    };
    return call(method, parameters, new byte[0], new byte[0], null, 1, 2, 3);
  }

  private void deserialize() throws Throwable {
    call("deserialize", new Class<?>[] {String.class, byte[].class}, "main", new byte[0]);
  }

  private Object call(String method, Class<?>[] parameters, Object... arguments) throws Throwable {
    var target = nativeDb.getClass().getDeclaredMethod(method, parameters);
    target.setAccessible(true);
    try {
      return target.invoke(nativeDb, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void fail(Throwable failure) throws Exception {
    set("failure", failure);
  }

  private void set(String field, Object value) throws Exception {
    nativeDb.getClass().getField(field).set(nativeDb, value);
  }

  private Object hook() throws Exception {
    return nativeDb.getClass().getField("walsync$hook").get(nativeDb);
  }

  private static List<String> events() {
    return RecordingBridge.EVENTS;
  }

  private static byte[] classFile(Class<?> type) throws IOException {
    String path = Type.getInternalName(type) + ".class";
    try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
      return in.readAllBytes();
    }
  }

  private static byte[] withJavaNatives(byte[] woven) {
    ClassReader reader = new ClassReader(woven);
    ClassWriter writer = new ClassWriter(0);
    reader.accept(new JavaNatives(reader.getClassName(), writer), 0);
    return writer.toByteArray();
  }

  /** Gives each native a body that calls {@code callNative}. */
  private static final class JavaNatives extends ClassVisitor {

    private final String className;

    JavaNatives(String className, ClassWriter writer) {
      super(Opcodes.ASM9, writer);
      this.className = className;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      if ((access & Opcodes.ACC_NATIVE) == 0) {
        return super.visitMethod(access, name, descriptor, signature, exceptions);
      }
      MethodVisitor code =
          super.visitMethod(access & ~Opcodes.ACC_NATIVE, name, descriptor, signature, exceptions);
      Type result = Type.getReturnType(descriptor);
      code.visitCode();
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, className, "callNative", "()J", false);
      if (result == Type.INT_TYPE) {
        code.visitInsn(Opcodes.L2I);
      } else if (result == Type.VOID_TYPE) {
        code.visitInsn(Opcodes.POP2);
      }
      code.visitInsn(result.getOpcode(Opcodes.IRETURN));
      code.visitMaxs(2, Type.getArgumentsAndReturnSizes(descriptor) >> 2);
      code.visitEnd();
      return null;
    }
  }

  private static final class Definer extends ClassLoader {

    Definer() {
      super(WrapperMethodTest.class.getClassLoader());
    }

    Class<?> define(byte[] classFile) {
      return defineClass(null, classFile, 0, classFile.length);
    }
  }
}
