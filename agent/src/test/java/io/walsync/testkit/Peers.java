package io.walsync.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs of others, looked up in the folder {@code -Dpeers=}, on PATH, and where {@code .ci/run}
 * keeps what it builds.
 */
public final class Peers {

  private Peers() {}

  public static Optional<Path> find(String name) {
    return find(name, folders());
  }

  /** The first of that name in these folders. */
  public static Optional<Path> find(String name, List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(name).toAbsolutePath())
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
    folders.addAll(onPath());
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home = cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    folders.add(home.resolve("walsync-peers").resolve("bin"));
    return folders;
  }

  public static List<Path> onPath() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }
}
