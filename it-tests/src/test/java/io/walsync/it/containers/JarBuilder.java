package io.walsync.it.containers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** Puts a jar together. */
final class JarBuilder {

  private final Manifest manifest = new Manifest();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Set<String> stored = new HashSet<>();

  JarBuilder() {
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
  }

  JarBuilder attribute(String name, String value) {
    manifest.getMainAttributes().putValue(name, value);
    return this;
  }

  JarBuilder entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Uncompressed, as a jar within a jar has to be. */
  JarBuilder nested(String folder, Path jar) {
    String name = folder + jar.getFileName();
    stored.add(name);
    return entry(name, Parts.read(jar));
  }

  /** The application's class files and those named. */
  JarBuilder application(String folder, String... more) {
    for (Path file : Parts.applicationClasses()) {
      classFile(folder, file);
    }
    for (String name : more) {
      classFile(folder, Parts.classFile(name));
    }
    return this;
  }

  private void classFile(String folder, Path file) {
    entry(folder + Parts.applicationFolder().relativize(file), Parts.read(file));
  }

  /** Everything in another jar but its manifest. */
  JarBuilder contentOf(Path jar) {
    try (JarFile source = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(source.entries())) {
        if (!entry.isDirectory() && !entry.getName().startsWith("META-INF/MANIFEST")) {
          entry(entry.getName(), source.getInputStream(entry).readAllBytes());
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path writeTo(Path file) {
    try (OutputStream target = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(target, manifest)) {
      Set<String> folders = new HashSet<>(List.of("META-INF/"));
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        addFolders(jar, folders, entry.getKey());
        jar.putNextEntry(zipEntry(entry.getKey(), entry.getValue()));
        jar.write(entry.getValue());
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addFolders(JarOutputStream jar, Set<String> known, String name)
      throws IOException {
    for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      if (known.add(name.substring(0, slash + 1))) {
        jar.putNextEntry(new ZipEntry(name.substring(0, slash + 1)));
      }
    }
  }

  private ZipEntry zipEntry(String name, byte[] content) {
    ZipEntry entry = new ZipEntry(name);
    if (stored.contains(name)) {
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(crc.getValue());
    }
    return entry;
  }
}
