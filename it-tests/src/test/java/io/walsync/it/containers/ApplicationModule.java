package io.walsync.it.containers;

import io.walsync.it.app.WriterApp;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.ModuleVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The application as a named module that requires the driver's. */
final class ApplicationModule {

  static final String NAME = "writer.application";

  private ApplicationModule() {}

  static Path build(Host host) {
    String driverModule =
        ModuleFinder.of(host.driver()).findAll().iterator().next().descriptor().name();
    return new JarBuilder()
        .entry("module-info.class", descriptor(driverModule))
        .application("")
        .writeTo(host.folder().resolve("application.jar"));
  }

  private static byte[] descriptor(String driverModule) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V9, Opcodes.ACC_MODULE, "module-info", null, null, null);
    ModuleVisitor module = writer.visitModule(NAME, 0, null);
    module.visitRequire("java.base", Opcodes.ACC_MANDATED, null);
    module.visitRequire("java.sql", 0, null);
    module.visitRequire(driverModule, 0, null);
    module.visitPackage(WriterApp.class.getPackageName().replace('.', '/'));
    module.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
