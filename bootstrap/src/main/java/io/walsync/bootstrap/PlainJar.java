package io.walsync.bootstrap;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * The command line as an ordinary jar, whose classes stand on the class path: the JVM puts no
 * others into an archive of class data that lets it start quickly. The launcher {@code walsync} has
 * it written into its cache once.
 *
 * <p>Entries are not compressed, so that what is not in the archive is read at once.
 */
final class PlainJar {

  private static final String[] BUNDLES = {"inst", "cli"};
  private static final String CLASSDATA = ".classdata";
  private static final String[] COPIED = {
    "Enable-Native-Access", "Add-Opens", "Implementation-Version"
  };

  private PlainJar() {}

  /**
   * Argument: the jar to write.
   *
   * @throws IOException if it cannot be written, or this class was not loaded from the agent's jar
   */
  public static void main(String[] arguments) throws IOException {
    try (AgentJar agent = AgentJar.open(AgentJar.locate(PlainJar.class));
        OutputStream file = new FileOutputStream(new File(arguments[0]));
        JarOutputStream out = new JarOutputStream(file, manifest(agent))) {
      for (String bundle : BUNDLES) {
        for (String name : agent.namesIn(bundle)) {
          write(out, name, agent.content(bundle + "/" + name));
        }
      }
    }
  }

  private static Manifest manifest(AgentJar agent) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, "io.walsync.cli.Main");
    for (String name : COPIED) {
      attributes.putValue(name, agent.attribute(name));
    }
    return manifest;
  }

  private static void write(JarOutputStream out, String name, byte[] content) throws IOException {
    boolean isClass = name.endsWith(CLASSDATA);
    ZipEntry entry =
        new ZipEntry(
            isClass ? name.substring(0, name.length() - CLASSDATA.length()) + ".class" : name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }
}
