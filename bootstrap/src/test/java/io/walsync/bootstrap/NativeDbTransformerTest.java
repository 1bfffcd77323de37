package io.walsync.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeDbTransformerTest {

  private static final byte[] CLASS_FILE = {1, 2, 3};

  @TempDir private Path folder;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void captureStderr() {
    System.setErr(new PrintStream(written, true));
  }

  @AfterEach
  void restoreStderr() {
    System.setErr(stderr);
  }

  @Test
  void otherClassesPassWithoutTouchingTheJar() {
    NativeDbTransformer transformer = transformer(folder.resolve("absent.jar").toFile());
    assertThat(transform(transformer, "org/sqlite/core/DB")).isNull();
    assertThat(transform(transformer, "java/lang/String")).isNull();
    assertThat(transform(transformer, null)).isNull();
    assertThat(written.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"org/sqlite/core/NativeDB", "org/sqlite/NativeDB"})
  void aMissingJarIsOneLineAndLeavesTheClassAsItWas(String className) {
    NativeDbTransformer transformer = transformer(folder.resolve("absent.jar").toFile());
    assertThat(transform(transformer, className)).isNull();
    assertThat(lines()).singleElement().asString().startsWith("walsync: replication is off: ");
  }

  @Test
  void aFailureIsReportedOnceOnly() {
    NativeDbTransformer transformer = transformer(folder.resolve("absent.jar").toFile());
    transform(transformer, "org/sqlite/core/NativeDB");
    transform(transformer, "org/sqlite/core/NativeDB");
    assertThat(lines()).hasSize(1);
  }

  @Test
  void aForeignJarIsRefused() throws IOException {
    File jar = folder.resolve("app.jar").toFile();
    try (JarOutputStream out = new JarOutputStream(new FileOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("app.txt"));
    }
    assertThat(transform(transformer(jar), "org/sqlite/core/NativeDB")).isNull();
    assertThat(lines()).singleElement().asString().contains("is not the Walsync agent");
  }

  private static NativeDbTransformer transformer(File jar) {
    IsolatedAgent agent = new IsolatedAgent(jar, "", nothingLoaded());
    agent.expectSqlite();
    return new NativeDbTransformer(agent);
  }

  private static Instrumentation nothingLoaded() {
    return (Instrumentation)
        Proxy.newProxyInstance(
            NativeDbTransformerTest.class.getClassLoader(),
            new Class<?>[] {Instrumentation.class},
            (proxy, method, arguments) -> new Class<?>[0]);
  }

  private byte[] transform(NativeDbTransformer transformer, String className) {
    return transformer.transform(getClass().getClassLoader(), className, null, null, CLASS_FILE);
  }

  private String[] lines() {
    return written.toString(StandardCharsets.UTF_8).split("\\R");
  }
}
