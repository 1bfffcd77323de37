package io.walsync.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.packaging.BundleWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

  private static final long SEED = 20261123;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void everyFileIsFoundWithItsContent(int method) throws IOException {
    Map<String, byte[]> files = files();
    try (JarFile jar = jar(bundle(files), method)) {
      Bundle bundle = new Bundle(jar, jar.getEntry("inst.bundle"));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        assertThat(bundle.contains(file.getKey())).isTrue();
        assertThat(bundle.read(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
        assertThat(bundle.read(file.getKey() + "x")).isNull();
      }
      assertThat(bundle.contains("none")).isFalse();
    }
  }

  @Test
  void namesOfTheSameHashAreToldApart() throws IOException {
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    Map<String, byte[]> files =
        Map.of("Aa/Aa", bytes("1"), "BB/BB", bytes("2"), "Aa/BB", bytes("3"));
    try (JarFile jar = jar(bundle(files), ZipEntry.STORED)) {
      Bundle bundle = new Bundle(jar, jar.getEntry("inst.bundle"));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        assertThat(bundle.read(file.getKey())).isEqualTo(file.getValue());
      }
      assertThat(bundle.read("BB/Aa")).isNull();
    }
  }

  @Test
  void anEmptyBundleHasNothing() throws IOException {
    try (JarFile jar = jar(bundle(Map.of()), ZipEntry.STORED)) {
      assertThat(new Bundle(jar, jar.getEntry("inst.bundle")).read("a")).isNull();
    }
  }

  /** A reader in a JVM's class loading must end with an exception, whatever it reads. */
  @Test
  void damageIsAnIoExceptionOrWrongContentButNothingElse() throws IOException {
    Map<String, byte[]> files = files();
    byte[] whole = bundle(files);
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      for (int flips = 0; flips < 4; flips++) {
        damaged[random.nextInt(i % 2 == 0 ? damaged.length : 400)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(damaged, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
      try (JarFile jar = jar(cut, i % 5 == 0 ? ZipEntry.DEFLATED : ZipEntry.STORED)) {
        Bundle bundle = new Bundle(jar, jar.getEntry("inst.bundle"));
        for (String name : files.keySet()) {
          bundle.read(name);
        }
      } catch (IOException expected) {
        assertThat(expected).as("seed " + SEED + ", round " + i).isNotNull();
      }
    }
  }

  @Test
  void whatIsNoBundleIsRefusedByName() throws IOException {
    try (JarFile jar = jar(bytes("no bundle at all"), ZipEntry.STORED)) {
      assertThatThrownBy(() -> new Bundle(jar, jar.getEntry("inst.bundle")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("inst.bundle");
    }
  }

  @Test
  void equalFilesGiveEqualBytes() throws IOException {
    assertThat(bundle(files())).isEqualTo(bundle(files()));
  }

  private static Map<String, byte[]> files() {
    Random random = new Random(SEED);
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      byte[] content = new byte[random.nextInt(2000)];
      if (i % 2 == 0) {
        random.nextBytes(content);
      }
      files.put("folder-" + i % 7 + "/\u00e4 " + i, content);
    }
    return files;
  }

  private static byte[] bundle(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BundleWriter.write(files, out);
    return out.toByteArray();
  }

  private JarFile jar(byte[] bundle, int method) throws IOException {
    Path file = Files.createTempFile(folder, "agent", ".jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry entry = new ZipEntry("inst.bundle");
      entry.setMethod(method);
      CRC32 crc = new CRC32();
      crc.update(bundle);
      entry.setCrc(crc.getValue());
      entry.setSize(bundle.length);
      out.putNextEntry(entry);
      out.write(bundle);
    }
    return new JarFile(file.toFile(), false);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
