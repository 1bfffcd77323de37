package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Jdk;
import io.walsync.weave.NativeDbWeaver;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way the bridge goes on a JVM where java.lang stays closed to us. */
class AppendedBridgeIT {

  @TempDir private Path folder;
  private Path agent;

  @BeforeEach
  void packTheAgent() throws Exception {
    agent = folder.resolve("appending-agent.jar");
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(new Attributes.Name("Premain-Class"), AppendedBridgeAgent.class.getName());
    main.put(new Attributes.Name("Can-Set-Native-Method-Prefix"), "true");
    try (OutputStream out = Files.newOutputStream(agent)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  @Test
  void wovenCodeReachesABridgeOnTheBootstrapPath() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    ForkedJava.Outcome outcome =
        new ForkedJava(Jdk.running(), folder)
            .options(
                "-javaagent:" + agent,
                "-Dbridge=io.walsync.boot.WalsyncBridge",
                "-Djava.io.tmpdir=" + temporary)
            .driver(Drivers.NEWEST)
            .testClasses()
            .classPath(
                ForkedJava.whereIs(NativeDbWeaver.class),
                ForkedJava.whereIs(ClassReader.class),
                bootstrapClasses())
            .main(EventsApp.class, "a.db");
    assertThat(outcome.stdout())
        .contains("opened ", "after 101", "afterCall close 0")
        .endsWith("faults 0\n");
    assertThat(temporaryJars(temporary)).isEmpty();
  }

  private static Path bootstrapClasses() throws Exception {
    return ForkedJava.whereIs(Class.forName("io.walsync.bootstrap.AgentEntry"));
  }

  private static List<Path> temporaryJars(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }
}
