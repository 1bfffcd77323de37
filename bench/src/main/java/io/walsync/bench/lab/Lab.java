package io.walsync.bench.lab;

import io.walsync.testkit.Folders;
import io.walsync.testkit.Peers;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where things are on this machine, and a folder to work in. */
public final class Lab {

  private final Path work;
  private final Path peers;
  private int folderCount;

  /**
   * @param peers the folder of other programs, or null for PATH
   */
  public Lab(Path peers) {
    this.work = Path.of(System.getProperty("walsync.bench.work", "target/work")).toAbsolutePath();
    this.peers = peers;
    Folders.delete(work);
  }

  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The packed jar. */
  public static Path agentJar() {
    String path = System.getProperty("walsync.agent.jar");
    if (path == null || !Files.isRegularFile(Path.of(path))) {
      throw new LabException("there is no packed agent at " + path + "; use bench/run");
    }
    return Path.of(path).toAbsolutePath();
  }

  /** The driver of the applications under measurement. */
  public static Path driverJar() {
    return origin(org.sqlite.JDBC.class);
  }

  /** The classes of this module. */
  static Path classes() {
    return origin(Lab.class);
  }

  /** The jar or folder of a class. */
  static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new LabException("cannot tell where " + type + " comes from", e);
    }
  }

  /** A new empty folder. */
  public synchronized Path folder(String name) {
    folderCount++;
    return Folders.create(work.resolve(folderCount + "-" + name));
  }

  /** Another program, by its file name, in the folder of peers or else on the PATH. */
  public Optional<Path> peer(String name) {
    return Peers.find(name, peers == null ? Peers.onPath() : List.of(peers));
  }
}
