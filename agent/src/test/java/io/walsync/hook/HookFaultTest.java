package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails behind a hook, the application's thread sees nothing of it. */
class HookFaultTest {

  static Stream<Supplier<Throwable>> faults() {
    return Stream.of(
        () -> new OutOfMemoryError("injected"),
        () -> new IllegalStateException("injected"),
        () -> new NoClassDefFoundError("injected"),
        StackOverflowError::new);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyEntryKeepsItsFaultToItselfAndTheDatabaseLearnsOfIt(Supplier<Throwable> fault) {
    List<Throwable> learned = new ArrayList<>();
    ConnectionHook hook = new ConnectionHook(new Object(), "a.db", other -> {});
    hook.main()
        .attach(
            (HookedDatabase)
                Proxy.newProxyInstance(
                    HookedDatabase.class.getClassLoader(),
                    new Class<?>[] {HookedDatabase.class},
                    (proxy, method, arguments) -> {
                      if (method.getName().equals("hookFailed")) {
                        learned.add((Throwable) arguments[0]);
                        return null;
                      }
                      throw fault.get();
                    }));

    hook.accept("PRAGMA journal_mode=delete", 7L);
    hook.accept(7L);
    assertThat(hook.applyAsLong(7L, 101)).isEqualTo(101);
    hook.accept((Object) "INSERT INTO t VALUES(1)");
    hook.accept("INSERT INTO t VALUES(1)", 0);
    hook.accept((Object) ConnectionHook.CLOSE);
    hook.accept((Object) ConnectionHook.CLOSE, 0);

    assertThat(hook.isGone()).isTrue();
    if (fault.get() instanceof StackOverflowError) {
      assertThat(learned).isEmpty();
    } else {
      assertThat(learned).hasSize(6);
    }
  }
}
