package io.walsync.io;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import org.jspecify.annotations.Nullable;

/**
 * The cause of a failure in words. Many exceptions of the JDK's file systems have only a path as
 * their message, and the reason is in their type.
 */
public final class Reason {

  private Reason() {}

  /** The reason, with the path where the exception has one. Never empty. */
  public static String of(@Nullable Throwable failure) {
    if (failure instanceof UncheckedIOException) {
      return of(failure.getCause());
    }
    if (failure instanceof FileSystemException) {
      FileSystemException known = (FileSystemException) failure;
      String other = known.getOtherFile() == null ? "" : " -> " + known.getOtherFile();
      return known.getFile() == null
          ? withoutFile(known)
          : known.getFile() + other + ": " + withoutFile(known);
    }
    if (failure == null) {
      return "unknown";
    }
    String message = failure.getMessage();
    return message == null || message.trim().isEmpty() ? failure.toString() : message;
  }

  /** The reason without the path, for messages that name the path already. */
  public static String withoutFile(FileSystemException failure) {
    String reason = failure.getReason();
    if (reason != null && !reason.trim().isEmpty()) {
      return reason;
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "exists already, and is not what is needed";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "is not a folder";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "is a folder that is not empty";
    }
    if (failure instanceof FileSystemLoopException || failure instanceof NotLinkException) {
      return "a symbolic link leads nowhere";
    }
    return failure.getClass().getSimpleName();
  }
}
