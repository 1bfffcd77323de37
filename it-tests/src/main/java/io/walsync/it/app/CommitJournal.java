package io.walsync.it.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;

/**
 * The sequence numbers whose commit returned to the application, one line each, written without
 * fsync: it survives SIGKILL of the process, which is all the tests do to it.
 */
final class CommitJournal {

  private final OutputStream file;

  private CommitJournal(OutputStream file) {
    this.file = file;
  }

  static CommitJournal at(String path) throws IOException {
    return new CommitJournal(
        Files.newOutputStream(
            Paths.get(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  synchronized void committed(long seq) {
    try {
      file.write((seq + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
