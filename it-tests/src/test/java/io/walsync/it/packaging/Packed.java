package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.packaging.BundleWriter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;

/** The jar under test. */
final class Packed {

  private static final String BUNDLE = ".bundle";

  private static Map<String, byte[]> unpacked;

  private Packed() {}

  static Path jar() {
    Path jar = Path.of(System.getProperty("walsync.agent.jar")).toAbsolutePath().normalize();
    assertThat(jar).as("run `package` first").isRegularFile();
    return jar;
  }

  static String agentOption() {
    return "-javaagent:" + jar();
  }

  /** The names of all entries and, by their folder, of all files in bundles. */
  static List<String> entries() throws IOException {
    return List.copyOf(files().keySet());
  }

  static byte[] read(String entry) throws IOException {
    return files().get(entry);
  }

  private static synchronized Map<String, byte[]> files() throws IOException {
    if (unpacked != null) {
      return unpacked;
    }
    Map<String, byte[]> files = new TreeMap<>();
    try (JarFile jar = new JarFile(jar().toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        try (InputStream in = jar.getInputStream(entry)) {
          byte[] content = in.readAllBytes();
          if (entry.getName().endsWith(BUNDLE)) {
            assertThat(entry.getMethod()).as(entry.getName()).isEqualTo(ZipEntry.STORED);
            String folder = entry.getName().replace(BUNDLE, "/");
            unpack(content).forEach((name, file) -> files.put(folder + name, file));
          } else {
            files.put(entry.getName(), content);
          }
        }
      }
    }
    unpacked = files;
    return files;
  }

  /** The format is described in {@link io.walsync.packaging}. */
  private static Map<String, byte[]> unpack(byte[] bundle) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    DataInputStream index = new DataInputStream(new ByteArrayInputStream(bundle));
    index.readInt();
    int count = index.readInt();
    for (int i = 0; i < count; i++) {
      index.readInt();
      DataInputStream block =
          new DataInputStream(new ByteArrayInputStream(bundle, index.readInt(), index.readInt()));
      String name = block.readUTF();
      int size = block.readInt();
      byte[] packed = block.readAllBytes();
      InputStream content = new ByteArrayInputStream(packed);
      if (packed.length < size) {
        content = new InflaterInputStream(content, new Inflater(true));
      }
      files.put(name, content.readAllBytes());
    }
    return files;
  }

  /** A damaged copy. */
  static Path copy(Path target, Predicate<String> kept, UnaryOperator<Manifest> manifest)
      throws IOException {
    Map<String, Map<String, byte[]>> bundles = new TreeMap<>();
    try (JarFile source = new JarFile(jar().toFile());
        JarOutputStream out =
            new JarOutputStream(
                Files.newOutputStream(target),
                manifest.apply(new Manifest(source.getManifest())))) {
      for (Map.Entry<String, byte[]> file : files().entrySet()) {
        String name = file.getKey();
        String folder = name.substring(0, name.indexOf('/'));
        if (!kept.test(name) || name.equals(JarFile.MANIFEST_NAME)) {
          continue;
        }
        if (source.getEntry(folder + BUNDLE) == null) {
          out.putNextEntry(new ZipEntry(name));
          out.write(file.getValue());
        } else {
          bundles
              .computeIfAbsent(folder, f -> new TreeMap<>())
              .put(name.substring(folder.length() + 1), file.getValue());
        }
      }
      // Compressed, as somebody who packs the jar anew would leave them.
      for (Map.Entry<String, Map<String, byte[]>> bundle : bundles.entrySet()) {
        out.putNextEntry(new ZipEntry(bundle.getKey() + BUNDLE));
        BundleWriter.write(bundle.getValue(), out);
      }
    }
    return target;
  }

  static Manifest without(Manifest manifest, String attribute) {
    manifest.getMainAttributes().remove(new Attributes.Name(attribute));
    return manifest;
  }
}
