package io.walsync.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WalsyncBridgeTest {

  private static final int FAULT_LIMIT = 16;

  private Class<?> bridge;

  @BeforeEach
  void loadAFreshBridgeUnderAnotherName() throws Exception {
    bridge = new Renamed().define();
  }

  @Test
  void withoutASinkAConnectionGetsNoHook() throws Exception {
    assertThat(opened(new Object(), "a.db")).isNull();
  }

  @Test
  void theSinkSeesTheConnectionAndTheFileNameAndSuppliesTheHook() throws Exception {
    Object nativeDb = new Object();
    List<Object> seen = new ArrayList<>();
    setSink(
        (db, fileName) -> {
          seen.add(db);
          seen.add(fileName);
          return "hook";
        });

    assertThat(opened(nativeDb, "a.db")).isEqualTo("hook");
    assertThat(opened(nativeDb, "ä.db".getBytes(StandardCharsets.UTF_8))).isEqualTo("hook");
    assertThat(opened(nativeDb, null)).isEqualTo("hook");
    assertThat(seen).containsExactly(nativeDb, "a.db", nativeDb, "ä.db", nativeDb, null);
  }

  @Test
  void whatSqliteSaysOfTheFileComesWithItsName() throws Exception {
    List<Object> seen = new ArrayList<>();
    setSink(
        (db, names) -> {
          seen.addAll(List.of((Object[]) names));
          return "hook";
        });
    Class<?>[] parameters = {Object.class, Object.class, String.class};
    assertThat(call("opened", parameters, new Object(), "file:a.db", "/data/a.db"))
        .isEqualTo("hook");
    assertThat(seen).containsExactly("file:a.db", "/data/a.db");
  }

  @Test
  void connectionsWhoseSinkDiedAreKeptForTheAgentOnce() throws Exception {
    Error[] faults = {new StackOverflowError(), new OutOfMemoryError()};
    for (Error fault : faults) {
      setSink(
          (db, fileName) -> {
            throw fault;
          });
      Object nativeDb = new Object();
      assertThat(opened(nativeDb, "a.db")).isNull();
      assertThat((Object[]) call("takeMissed", new Class<?>[0])).containsExactly(nativeDb);
      assertThat((Object[]) call("takeMissed", new Class<?>[0])).isEmpty();
    }
  }

  @Test
  void noneOfManySuchConnectionsIsLostBeforeTheAgentAsks() throws Exception {
    setSink(
        (db, fileName) -> {
          throw new StackOverflowError();
        });
    List<Object> nativeDbs = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      nativeDbs.add(i);
      opened(i, "a.db");
    }
    assertThat((Object[]) call("takeMissed", new Class<?>[0])).containsExactlyElementsOf(nativeDbs);
    assertThat((Object[]) call("takeMissed", new Class<?>[0])).isEmpty();
  }

  @Test
  void aClearedSinkIsNotAsked() throws Exception {
    setSink((db, fileName) -> "hook");
    setSink(null);
    assertThat(opened(new Object(), "a.db")).isNull();
  }

  @Test
  void whatTheGuardThrowsIsTheApplicationsToSee() throws Exception {
    Class<?>[] parameters = {Object.class, int.class};
    call("beforeOpen", parameters, "a.db", 6);
    List<Object> seen = new ArrayList<>();
    ObjIntConsumer<Object> guard =
        (name, flags) -> {
          seen.add(name);
          seen.add(flags);
          throw WalsyncBridgeTest.<RuntimeException>undeclared(new IOException("missing"));
        };
    call("setGuard", new Class<?>[] {ObjIntConsumer.class}, guard);
    assertThatThrownBy(
            () -> call("beforeOpen", parameters, "ä.db".getBytes(StandardCharsets.UTF_8), 6))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(seen).containsExactly("ä.db", 6);
    assertThat(faultCount()).isZero();
  }

  @Test
  void aCheckedExceptionBeforeAStatementIsTheApplicationsToSee() throws Exception {
    LongConsumer refuses =
        statement -> {
          throw WalsyncBridgeTest.<RuntimeException>undeclared(new IOException("missing"));
        };
    assertThatThrownBy(() -> call("before", new Class<?>[] {Object.class, long.class}, refuses, 1L))
        .hasRootCauseInstanceOf(IOException.class);
    Consumer<Object> refusesToo =
        what -> {
          throw WalsyncBridgeTest.<RuntimeException>undeclared(new IOException("missing"));
        };
    assertThatThrownBy(
            () -> call("beforeCall", new Class<?>[] {Object.class, Object.class}, refusesToo, "x"))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(faultCount()).isZero();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void everyCallReachesItsMethodOfTheHook() throws Exception {
    RecordingHook hook = new RecordingHook();
    callAll(hook);
    assertThat(hook.events)
        .containsExactly(
            "prepared sql 1", "before 2", "after 3 101", "beforeCall x", "afterCall x 5");
    assertThat(faultCount()).isZero();
  }

  @Test
  void aThrowingSinkIsCountedAndYieldsNoHook() throws Exception {
    setSink(
        (db, fileName) -> {
          throw new AssertionError("a fault of the sink");
        });
    assertThat(opened(new Object(), "a.db")).isNull();
    assertThat(faultCount()).isEqualTo(1);
    assertThat(isDisarmed()).isFalse();
  }

  @Test
  void noFaultOfAHookReachesTheCaller() throws Exception {
    callAll(new FaultyHook());
    assertThat(faultCount()).isEqualTo(5);
    assertThat(isDisarmed()).isFalse();
  }

  @Test
  void anObjectThatIsNoHookIsAFault() throws Exception {
    callAll("not a hook");
    assertThat(faultCount()).isEqualTo(5);
  }

  @Test
  void aFullStackOfTheApplicationsIsNoFaultOfTheHook() throws Exception {
    Hook overflowing =
        (Hook)
            java.lang.reflect.Proxy.newProxyInstance(
                Hook.class.getClassLoader(),
                new Class<?>[] {Hook.class},
                (proxy, method, arguments) -> {
                  throw new StackOverflowError("the application's");
                });
    for (int i = 0; i < FAULT_LIMIT; i++) {
      callAll(overflowing);
    }
    setSink(
        (db, fileName) -> {
          throw new StackOverflowError("the application's");
        });
    assertThat(opened(new Object(), "a.db")).isNull();
    assertThat(faultCount()).isZero();
    assertThat(isDisarmed()).isFalse();
    assertThat(call("isOverflowed", new Class<?>[0])).isEqualTo(true);
  }

  @Test
  void tooManyFaultsDisarmTheBridgeForGood() throws Exception {
    RecordingHook healthy = new RecordingHook();
    for (int i = 0; i < FAULT_LIMIT; i++) {
      assertThat(isDisarmed()).isFalse();
      call("before", new Class<?>[] {Object.class, long.class}, new FaultyHook(), 1L);
    }
    assertThat(isDisarmed()).isTrue();

    setSink((db, fileName) -> "hook");
    assertThat(opened(new Object(), "a.db")).isNull();
    callAll(healthy);
    callAll(new FaultyHook());
    assertThat(healthy.events).isEmpty();
    assertThat(faultCount()).isEqualTo(FAULT_LIMIT);
  }

  @Test
  void disarmedByHandItDoesNothing() throws Exception {
    RecordingHook hook = new RecordingHook();
    setSink((db, fileName) -> hook);
    call("disarm", new Class<?>[0]);
    callAll(hook);
    assertThat(opened(new Object(), "a.db")).isNull();
    assertThat(hook.events).isEmpty();
  }

  private void callAll(Object hook) throws Exception {
    Class<?> object = Object.class;
    call("prepared", new Class<?>[] {object, object, long.class}, hook, "sql", 1L);
    call("before", new Class<?>[] {object, long.class}, hook, 2L);
    call("after", new Class<?>[] {object, long.class, int.class}, hook, 3L, 101);
    call("beforeCall", new Class<?>[] {object, object}, hook, "x");
    call("afterCall", new Class<?>[] {object, object, int.class}, hook, "x", 5);
  }

  private Object opened(Object nativeDb, Object fileName) throws Exception {
    return call("opened", new Class<?>[] {Object.class, Object.class}, nativeDb, fileName);
  }

  private void setSink(BiFunction<Object, Object, Object> sink) throws Exception {
    call("setSink", new Class<?>[] {BiFunction.class}, sink);
  }

  private int faultCount() throws Exception {
    return (Integer) call("faultCount", new Class<?>[0]);
  }

  private boolean isDisarmed() throws Exception {
    return (Boolean) call("isDisarmed", new Class<?>[0]);
  }

  private Object call(String method, Class<?>[] parameters, Object... arguments) throws Exception {
    return bridge.getMethod(method, parameters).invoke(null, arguments);
  }

  /** No class loader may define a class in java.lang; another package of equal length may. */
  private static final class Renamed extends ClassLoader {

    Class<?> define() throws Exception {
      byte[] classFile;
      try (InputStream in = getResourceAsStream("boot/WalsyncBridge.classdata")) {
        classFile = in.readAllBytes();
      }
      String text = new String(classFile, StandardCharsets.ISO_8859_1);
      byte[] renamed =
          text.replace("java/lang/WalsyncBridge", "test/lang/WalsyncBridge")
              .getBytes(StandardCharsets.ISO_8859_1);
      return defineClass("test.lang.WalsyncBridge", renamed, 0, renamed.length);
    }
  }

  private interface Hook
      extends ObjLongConsumer<Object>,
          LongConsumer,
          LongBinaryOperator,
          Consumer<Object>,
          ObjIntConsumer<Object> {}

  private static final class RecordingHook implements Hook {

    private final List<String> events = new ArrayList<>();

    @Override
    public void accept(Object sql, long stmt) {
      events.add("prepared " + sql + " " + stmt);
    }

    @Override
    public void accept(long stmt) {
      events.add("before " + stmt);
    }

    @Override
    public long applyAsLong(long stmt, long rc) {
      events.add("after " + stmt + " " + rc);
      return 0;
    }

    @Override
    public void accept(Object what) {
      events.add("beforeCall " + what);
    }

    @Override
    public void accept(Object what, int rc) {
      events.add("afterCall " + what + " " + rc);
    }
  }

  private static final class FaultyHook implements Hook {

    @Override
    public void accept(Object sql, long stmt) {
      throw new IllegalStateException("a fault of the hook");
    }

    @Override
    public void accept(long stmt) {
      throw new InternalError("a fault of the hook");
    }

    @Override
    public long applyAsLong(long stmt, long rc) {
      throw new OutOfMemoryError("a fault of the hook");
    }

    @Override
    public void accept(Object what) {
      throw new NoClassDefFoundError("a fault of the hook");
    }

    @Override
    public void accept(Object what, int rc) {
      throw new Error("a fault of the hook");
    }
  }
}
