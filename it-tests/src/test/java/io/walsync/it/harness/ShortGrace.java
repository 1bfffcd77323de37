package io.walsync.it.harness;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * An agent beside the one under test, for which minutes of retention pass in milliseconds, and its
 * hours in seconds: nobody can configure that.
 */
public final class ShortGrace {

  private static final Set<String> CLASSES =
      Set.of("io/walsync/history/retention/Prune", "io/walsync/db/history/Retention");

  private static final Map<String, String> UNITS =
      Map.of("MINUTES", "MILLISECONDS", "HOURS", "SECONDS");

  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  private ShortGrace() {}

  /** Its jar, in a folder. */
  public static Path packed(Path folder) throws IOException {
    Path packed = folder.resolve("short-grace.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", ShortGrace.class.getName());
    try (OutputStream out = Files.newOutputStream(packed);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Class<?> type : List.of(ShortGrace.class, Shortening.class)) {
        String entry = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
          in.transferTo(jar);
        }
      }
    }
    return packed;
  }

  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new Shortening());
  }

  private static final class Shortening implements ClassFileTransformer {
    @Override
    public byte[] transform(
        ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
      try {
        return CLASSES.contains(name) ? shortened(bytes) : null;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static byte[] shortened(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(result);
    out.writeInt(in.readInt());
    out.writeInt(in.readInt());
    int count = in.readUnsignedShort();
    out.writeShort(count);
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      if (tag == UTF8) {
        String text = in.readUTF();
        out.writeUTF(UNITS.getOrDefault(text, text));
      } else {
        copy(in, out, size(tag));
        i += tag == LONG || tag == DOUBLE ? 1 : 0;
      }
    }
    copy(in, out, in.available());
    return result.toByteArray();
  }

  /** Of a constant, without its tag. */
  private static int size(int tag) {
    return switch (tag) {
      case LONG, DOUBLE -> 8;
      case 7, 8, 16, 19, 20 -> 2;
      case 15 -> 3;
      default -> 4;
    };
  }

  private static void copy(DataInputStream in, DataOutputStream out, int length)
      throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    out.write(bytes);
  }
}
