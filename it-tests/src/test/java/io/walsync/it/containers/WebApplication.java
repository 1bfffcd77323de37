package io.walsync.it.containers;

import io.walsync.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/** The writer as an exploded web application, its own driver in {@code WEB-INF/lib}. */
final class WebApplication {

  /** The names that servlets go by. */
  enum Api {
    JAVAX,
    /** Since Tomcat 10. */
    JAKARTA
  }

  private final Path folder;
  private final Api api;
  private final Path driver;
  private final StringBuilder parameters = new StringBuilder();

  WebApplication(Path folder, Api api, Path driver) {
    this.folder = folder;
    this.api = api;
    this.driver = driver;
  }

  WebApplication parameter(String name, Object value) {
    parameters
        .append("<init-param><param-name>")
        .append(name)
        .append("</param-name><param-value>")
        .append(value)
        .append("</param-value></init-param>");
    return this;
  }

  Path explode() {
    try {
      Path library = Folders.create(folder.resolve("WEB-INF/lib"));
      for (Path jar : new Path[] {driver, Parts.slf4j()}) {
        Files.copy(jar, library.resolve(jar.getFileName().toString()));
      }
      for (Path file : Parts.applicationClasses()) {
        writeClass(file, Parts.read(file));
      }
      Path servlet = Parts.classFile(Parts.WRITER_SERVLET);
      byte[] classFile = Parts.read(servlet);
      writeClass(servlet, api == Api.JAVAX ? classFile : toJakarta(classFile));
      Files.writeString(folder.resolve("WEB-INF/web.xml"), descriptor());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeClass(Path source, byte[] classFile) throws IOException {
    Path target =
        folder
            .resolve("WEB-INF/classes")
            .resolve(Parts.applicationFolder().relativize(source).toString());
    Folders.create(target.getParent());
    Files.write(target, classFile);
  }

  private String descriptor() {
    return "<web-app metadata-complete=\"true\" version=\"3.0\""
        + " xmlns=\"http://java.sun.com/xml/ns/javaee\">"
        + "<servlet><servlet-name>writer</servlet-name><servlet-class>"
        + Parts.WRITER_SERVLET
        + "</servlet-class>"
        + parameters
        + "<load-on-startup>1</load-on-startup></servlet>"
        + "<servlet-mapping><servlet-name>writer</servlet-name>"
        + "<url-pattern>/</url-pattern></servlet-mapping></web-app>";
  }

  private static byte[] toJakarta(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    Remapper names =
        new Remapper(net.bytebuddy.jar.asm.Opcodes.ASM9) {
          @Override
          public String map(String name) {
            return name.replaceFirst("^javax/servlet/", "jakarta/servlet/");
          }
        };
    new ClassReader(classFile).accept(new ClassRemapper(writer, names), 0);
    return writer.toByteArray();
  }
}
