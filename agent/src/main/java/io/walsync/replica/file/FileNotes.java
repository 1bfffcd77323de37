package io.walsync.replica.file;

import io.walsync.io.FileAccess;
import io.walsync.replica.NoteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Notes in the folder of the owner's file, each a file of its own. */
final class FileNotes implements NoteStore {

  private static final String TEMPORARY_SUFFIX = ".walsync.tmp";

  private final Path folder;
  private final FileAccess access;

  FileNotes(Path folder, FileAccess access) {
    this.folder = folder;
    this.access = access;
  }

  @Override
  public List<String> names(String below) throws IOException {
    Path path = folder.resolve(below);
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.endsWith(TEMPORARY_SUFFIX) && Files.isRegularFile(entry)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return names;
    } catch (DirectoryIteratorException e) {
      throw FileFailure.of("list", path, e.getCause());
    } catch (IOException e) {
      throw FileFailure.of("list", path, e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public byte @Nullable [] read(String name) throws IOException {
    Path path = folder.resolve(name);
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw FileFailure.of("read", path, e);
    }
  }

  @Override
  public boolean create(String name, byte[] content) throws IOException {
    Path path = folder.resolve(name);
    Path parent = path.getParent();
    assert parent != null : "it is in the folder";
    try {
      access.createFolders(parent);
      Path temporary = parent.resolve("note." + UUID.randomUUID() + TEMPORARY_SUFFIX);
      access.createFile(temporary);
      try {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
          ByteBuffer bytes = ByteBuffer.wrap(content);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        if (!publish(temporary, path)) {
          return false;
        }
      } finally {
        Files.deleteIfExists(temporary);
      }
      NewFile.syncFolder(parent);
      return true;
    } catch (IOException e) {
      throw FileFailure.of("write", path, e);
    }
  }

  private static boolean publish(Path temporary, Path path) throws IOException {
    try {
      Files.createLink(path, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | IOException noLinks) {
      return NewFile.publishWithoutLinks(temporary, path);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path path = folder.resolve(name);
    try {
      if (Files.deleteIfExists(path)) {
        NewFile.syncFolder(path.getParent());
      }
    } catch (IOException e) {
      throw FileFailure.of("delete", path, e);
    }
  }
}
