package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** The jar under test. */
final class Packed {

  private Packed() {}

  static Path jar() {
    Path jar = Path.of(System.getProperty("walsync.agent.jar")).toAbsolutePath().normalize();
    assertThat(jar).as("run `package` first").isRegularFile();
    return jar;
  }

  static String agentOption() {
    return "-javaagent:" + jar();
  }

  static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(jar().toFile())) {
      List<String> names = new ArrayList<>();
      for (JarEntry entry : Collections.list(jar.entries())) {
        names.add(entry.getName());
      }
      return names;
    }
  }

  static byte[] read(String entry) throws IOException {
    try (JarFile jar = new JarFile(jar().toFile());
        InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return in.readAllBytes();
    }
  }

  /** A damaged copy. */
  static Path copy(Path target, Predicate<String> kept, UnaryOperator<Manifest> manifest)
      throws IOException {
    try (JarFile source = new JarFile(jar().toFile());
        JarOutputStream out =
            new JarOutputStream(
                java.nio.file.Files.newOutputStream(target),
                manifest.apply(new Manifest(source.getManifest())))) {
      for (JarEntry entry : Collections.list(source.entries())) {
        if (kept.test(entry.getName()) && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          try (InputStream in = source.getInputStream(entry)) {
            in.transferTo(out);
          }
        }
      }
    }
    return target;
  }

  static Manifest without(Manifest manifest, String attribute) {
    manifest.getMainAttributes().remove(new Attributes.Name(attribute));
    return manifest;
  }
}
