package io.walsync.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {

  @TempDir Path folder;

  @Test
  void whatTheJdkKeepsInTheTypeIsSaid() {
    assertThat(Reason.of(new NoSuchFileException("/a"))).isEqualTo("/a: no such file or folder");
    assertThat(Reason.of(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
    assertThat(Reason.of(new NotDirectoryException("/a"))).isEqualTo("/a: is not a folder");
    assertThat(Reason.of(new FileAlreadyExistsException("/a"))).startsWith("/a: exists already");
    assertThat(Reason.of(new FileSystemException("/a"))).isEqualTo("/a: FileSystemException");
  }

  @Test
  void aReasonThatIsThereIsKept() {
    assertThat(Reason.of(new FileSystemException("/a", "/b", "Invalid cross-device link")))
        .isEqualTo("/a -> /b: Invalid cross-device link");
    assertThat(Reason.of(new IOException("disk full"))).isEqualTo("disk full");
    assertThat(Reason.of(new UncheckedIOException(new IOException("disk full"))))
        .isEqualTo("disk full");
  }

  @Test
  void anExceptionWithoutAMessageIsNamed() {
    assertThat(Reason.of(new EOFException())).isEqualTo("java.io.EOFException");
    assertThat(Reason.of(new IOException(" "))).isEqualTo("java.io.IOException:  ");
  }

  @Test
  void aFolderBelowAFileIsExplained() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    IOException failure =
        catchThrowableOfType(
            IOException.class, () -> Files.createDirectories(file.resolve("below")));

    assertThat(Reason.of(failure)).startsWith(file.toString()).contains(": ");
  }
}
