package io.walsync.replica.file;

import io.walsync.io.Reason;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns what the file system reports into a {@link ReplicaException} that names verb and path. */
final class FileFailure {

  private FileFailure() {}

  /** Of reading a file that ought to be there. */
  static ReplicaException ofReading(String verb, Path path, IOException cause) {
    return cause instanceof NoSuchFileException
        ? new LtxFileMissingException("cannot " + verb + " " + path + ": no such file", cause)
        : of(verb, path, cause);
  }

  static ReplicaException of(String verb, Path path, @Nullable IOException cause) {
    if (cause instanceof ReplicaException) {
      return (ReplicaException) cause;
    }
    String message = "cannot " + verb + " " + path + ": ";
    if (cause instanceof AccessDeniedException) {
      return new ReplicaException(
          message + "permission denied for " + file(cause, path), cause, true);
    }
    if (cause instanceof NotDirectoryException || cause instanceof FileAlreadyExistsException) {
      return new ReplicaException(
          message + file(cause, path) + " exists and is not a folder", cause, true);
    }
    String reason = reason(path, cause);
    boolean needsHelp =
        reason.contains("Read-only file system") || reason.contains("Not a directory");
    return new ReplicaException(message + reason, cause, needsHelp);
  }

  private static String file(IOException cause, Path path) {
    String file = ((FileSystemException) cause).getFile();
    return file == null ? path.toString() : file;
  }

  /** Without the path, which the message already has, unless it is about another one. */
  private static String reason(Path path, @Nullable IOException cause) {
    if (cause instanceof FileSystemException) {
      FileSystemException known = (FileSystemException) cause;
      if (path.toString().equals(known.getFile())) {
        return Reason.withoutFile(known);
      }
    }
    return Reason.of(cause);
  }
}
