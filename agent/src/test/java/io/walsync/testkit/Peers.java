package io.walsync.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Programs of others, looked up in the folder {@code -Dpeers=}, on PATH, and where {@code .ci/run}
 * keeps what it builds.
 */
public final class Peers {

  private Peers() {}

  public static Optional<Path> find(String name) {
    return folders().stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Why a test that needs the program skips. */
  public static String absence(String name) {
    return "there is no program " + name + " on PATH, in -Dpeers= or in the cache of .ci/run";
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    String given = System.getProperty("peers", "");
    if (!given.isEmpty()) {
      folders.add(Path.of(given));
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator)) {
      if (!folder.isEmpty()) {
        folders.add(Path.of(folder));
      }
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home = cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    folders.add(home.resolve("walsync-peers").resolve("bin"));
    return folders;
  }
}
