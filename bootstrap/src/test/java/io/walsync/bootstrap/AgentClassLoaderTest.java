package io.walsync.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.packaging.BundleWriter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentClassLoaderTest {

  private static final String INSIDE = Inside.class.getName();
  private static final String DRIVER = Driver.class.getName();
  private static final int THREAD_COUNT = 8;

  /** Stands for a class of the agent. */
  public static final class Inside {}

  /** Stands for the jar's own sqlite-jdbc. */
  public static final class Driver {}

  @TempDir private Path folder;
  private AgentJar jar;

  @BeforeEach
  void packAJar() throws IOException {
    File file = folder.resolve("agent with space.jar").toFile();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1.2.3");
    try (JarOutputStream out = new JarOutputStream(new FileOutputStream(file), manifest)) {
      put(
          out,
          "inst.bundle",
          bundle(
              Map.of(
                  path(INSIDE) + ".classdata",
                  classFile(Inside.class),
                  "META-INF/services/a.Service",
                  bytes("agent"))));
      put(
          out,
          "cli.bundle",
          bundle(
              Map.of(
                  path(DRIVER) + ".classdata",
                  classFile(Driver.class),
                  "META-INF/services/a.Service",
                  bytes("driver"))));
      put(out, "root.txt", bytes("root"));
    }
    jar = AgentJar.open(file);
  }

  @AfterEach
  void closeTheJar() throws IOException {
    jar.close();
  }

  @Test
  void anAgentClassIsLoadedFromTheJarThoughTheApplicationHasOneOfThatName() throws Exception {
    ClassLoader loader = AgentClassLoader.forHost(jar);
    Class<?> type = loader.loadClass(INSIDE);
    assertThat(type.getClassLoader()).isSameAs(loader);
    assertThat(type).isNotSameAs(Inside.class);
    assertThat(loader.loadClass(INSIDE)).isSameAs(type);
  }

  @Test
  void aClassOfTheApplicationIsNeverSeen() throws Exception {
    ClassLoader loader = AgentClassLoader.forCommandLine(jar);
    assertThatThrownBy(() -> loader.loadClass(AgentClassLoaderTest.class.getName()))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> loader.loadClass("org.junit.jupiter.api.Test"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aResourceOfTheApplicationIsNeverSeen() throws Exception {
    String engine = "META-INF/services/org.junit.platform.engine.TestEngine";
    assertThat(AgentClassLoaderTest.class.getClassLoader().getResource(engine)).isNotNull();

    ClassLoader loader = AgentClassLoader.forCommandLine(jar);
    assertThat(loader.getResource(engine)).isNull();
    assertThat(loader.getResourceAsStream(engine)).isNull();
    assertThat(Collections.list(loader.getResources(engine))).isEmpty();
    assertThat(loader.getResource("root.txt")).isNull();
  }

  @Test
  void theDriverIsThereForTheCommandLineOnly() throws Exception {
    ClassLoader commandLine = AgentClassLoader.forCommandLine(jar);
    assertThat(commandLine.loadClass(DRIVER).getClassLoader()).isSameAs(commandLine);
    assertThatThrownBy(() -> AgentClassLoader.forHost(jar).loadClass(DRIVER))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void theJdkIsVisible() throws Exception {
    ClassLoader loader = AgentClassLoader.forHost(jar);
    assertThat(loader.loadClass("java.lang.String")).isSameAs(String.class);
    assertThat(loader.loadClass("java.sql.Connection")).isNotNull();
    assertThat(loader.loadClass("javax.net.ssl.SSLContext")).isNotNull();
  }

  @Test
  void resourcesAreReadThroughPrivateUrls() throws Exception {
    ClassLoader loader = AgentClassLoader.forHost(jar);
    URL url = loader.getResource("META-INF/services/a.Service");
    assertThat(url.getProtocol()).isEqualTo("walsync");
    assertThat(text(url.openStream())).isEqualTo("agent");
    assertThat(url.openConnection().getContentLength()).isEqualTo("agent".length());
    assertThat(text(loader.getResourceAsStream("META-INF/services/a.Service"))).isEqualTo("agent");
    assertThat(loader.getResource("META-INF/services/b.Service")).isNull();
  }

  @Test
  void everyFolderOfTheModeContributesToGetResources() throws Exception {
    assertThat(services(AgentClassLoader.forHost(jar))).containsExactly("agent");
    assertThat(services(AgentClassLoader.forCommandLine(jar))).containsExactly("agent", "driver");
  }

  @Test
  void aClassFileIsAResourceUnderItsUsualName() throws Exception {
    InputStream in = AgentClassLoader.forHost(jar).getResourceAsStream(path(INSIDE) + ".class");
    assertThat(in.readAllBytes()).isEqualTo(classFile(Inside.class));
  }

  @Test
  void packageVersionAndCodeSourceAreThoseOfTheJar() throws Exception {
    Class<?> type = AgentClassLoader.forHost(jar).loadClass(INSIDE);
    assertThat(type.getPackage().getImplementationVersion()).isEqualTo("1.2.3");
    assertThat(AgentJar.locate(type)).isEqualTo(jar.file());
  }

  @Test
  void threadsThatRaceForAClassGetTheSameOne() throws Exception {
    ClassLoader loader = AgentClassLoader.forHost(jar);
    CyclicBarrier start = new CyclicBarrier(THREAD_COUNT);
    ExecutorService threads = Executors.newFixedThreadPool(THREAD_COUNT);
    try {
      List<Future<Class<?>>> results = new ArrayList<>();
      for (int i = 0; i < THREAD_COUNT; i++) {
        results.add(
            threads.submit(
                () -> {
                  start.await();
                  return loader.loadClass(INSIDE);
                }));
      }
      for (Future<Class<?>> result : results) {
        assertThat(result.get()).isSameAs(loader.loadClass(INSIDE));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aFolderOfClassesIsNoAgentJar() {
    assertThatThrownBy(() -> AgentJar.locate(AgentClassLoader.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be loaded from a jar file");
  }

  private static List<String> services(ClassLoader loader) throws IOException {
    List<String> contents = new ArrayList<>();
    for (URL url : Collections.list(loader.getResources("META-INF/services/a.Service"))) {
      contents.add(text(url.openStream()));
    }
    return contents;
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(content);
  }

  private static byte[] bundle(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BundleWriter.write(files, out);
    return out.toByteArray();
  }

  private static byte[] classFile(Class<?> type) throws IOException {
    try (InputStream in =
        type.getClassLoader().getResourceAsStream(path(type.getName()) + ".class")) {
      return in.readAllBytes();
    }
  }

  private static String path(String className) {
    return className.replace('.', '/');
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    in.transferTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
