package io.walsync.weave;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.SimpleRemapper;

/**
 * The last resort of {@link BridgeInstaller}. It is a class of its own so that the classes it uses
 * are loaded only where it is needed.
 */
final class AppendedBridge {

  static final String NAME = "io.walsync.boot.WalsyncBridge";

  private final Instrumentation instrumentation;
  private final byte[] classFile;

  AppendedBridge(Instrumentation instrumentation, byte[] classFile) {
    this.instrumentation = instrumentation;
    this.classFile = classFile;
  }

  /** Defines the bridge under another name: a jar may not hold classes of java.lang. */
  Class<?> append() throws IOException, ClassNotFoundException {
    String path = NAME.replace('.', '/');
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(0);
    reader.accept(
        new ClassRemapper(writer, new SimpleRemapper(Opcodes.ASM9, reader.getClassName(), path)),
        0);

    File jar = File.createTempFile("walsync-bridge", ".jar");
    jar.deleteOnExit();
    try (JarOutputStream out = new JarOutputStream(new FileOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(path + ".class"));
      out.write(writer.toByteArray());
    }
    try (JarFile written = new JarFile(jar)) {
      instrumentation.appendToBootstrapClassLoaderSearch(written);
    }
    return Class.forName(NAME, true, null);
  }
}
