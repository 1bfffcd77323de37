package io.walsync.it.harness;

import io.walsync.testkit.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A replica in a directory: {@code <directory>/ltx/<level>/<min>-<max>.ltx}. */
public final class DirectoryReplica implements Replica {

  private static final int LEVEL_COUNT = 10;

  private final Path directory;

  public DirectoryReplica(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  @Override
  public String url() {
    return "file://" + directory;
  }

  @Override
  public List<String> yaml() {
    return List.of("type: file", "path: " + directory);
  }

  @Override
  public List<LtxObject> list() {
    List<LtxObject> files = new ArrayList<>();
    for (int level = 0; level < LEVEL_COUNT; level++) {
      Path folder = levelFolder(level);
      for (Path file : children(folder)) {
        LtxObject.parse(level, file.toString(), size(file)).ifPresent(files::add);
      }
    }
    files.sort(
        Comparator.comparingInt(LtxObject::level)
            .thenComparingLong(LtxObject::minTxid)
            .thenComparingLong(LtxObject::maxTxid));
    return files;
  }

  @Override
  public List<String> keys() {
    try (Stream<Path> files = Files.walk(directory)) {
      // A kill may leave the temporary file of an upload, which no reader takes for an LTX file.
      return files
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(name -> name.endsWith(".ltx"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] read(LtxObject file) {
    try {
      return Files.readAllBytes(Path.of(file.key()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first bytes of a file, as many as there are up to that count. */
  public byte[] head(LtxObject file, int byteCount) {
    try (InputStream bytes = Files.newInputStream(Path.of(file.key()))) {
      return bytes.readNBytes(byteCount);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(LtxObject file, byte[] content) {
    try {
      Files.write(Path.of(file.key()), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(LtxObject file) {
    try {
      Files.delete(Path.of(file.key()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Keeps what is there now under names of its own, without copying: hard links. A file that is
   * later deleted or replaced under its name stays.
   */
  public DirectoryReplica linkTo(Path other) {
    DirectoryReplica kept = new DirectoryReplica(other);
    for (LtxObject file : list()) {
      Path source = Path.of(file.key());
      Path folder = Folders.create(kept.levelFolder(file.level()));
      try {
        Files.createLink(folder.resolve(source.getFileName()), source);
      } catch (NoSuchFileException removedByRetention) {
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return kept;
  }

  void add(LtxObject file, byte[] content) {
    try {
      Path folder = Files.createDirectories(levelFolder(file.level()));
      String name = file.key().substring(file.key().lastIndexOf('/') + 1);
      Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path levelFolder(int level) {
    return directory.resolve("ltx").resolve(String.valueOf(level));
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** 0 for a file that retention removed while we were looking. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }
}
