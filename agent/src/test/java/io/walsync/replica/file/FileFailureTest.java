package io.walsync.replica.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileFailureTest {

  private static final Path PATH = Paths.get("/replica/ltx/0/file.ltx");

  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("/replica"), true, "permission denied for /replica"),
        Arguments.of(new NotDirectoryException("/replica"), true, "exists and is not a folder"),
        Arguments.of(
            new FileSystemException("/replica", null, "Read-only file system"), true, "Read-only"),
        Arguments.of(
            new FileSystemException("/replica", null, "No space left on device"),
            false,
            "No space left on device"),
        Arguments.of(new IOException("No space left on device"), false, "No space left on device"),
        Arguments.of(new IOException("Disk quota exceeded"), false, "Disk quota exceeded"),
        Arguments.of(new NoSuchFileException("/replica/ltx/0"), false, "no such file"),
        Arguments.of(new IOException(), false, "IOException"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void theMessageNamesVerbPathAndReason(IOException cause, boolean isPermanent, String reason) {
    ReplicaException e = FileFailure.of("write", PATH, cause);

    assertThat(e).hasMessageStartingWith("cannot write " + PATH + ": ");
    assertThat(e).hasMessageContaining(reason).hasCause(cause);
    assertThat(e.isPermanent()).isEqualTo(isPermanent);
    assertThat(e).isNotInstanceOf(LtxFileMissingException.class);
  }

  @Test
  void aFileThatIsNotThereToBeReadIsMissing() {
    assertThat(FileFailure.ofReading("read", PATH, new NoSuchFileException("x")))
        .isInstanceOf(LtxFileMissingException.class)
        .hasMessageContaining(PATH.toString());
  }

  @Test
  void whatIsAlreadyExplainedStaysAsItIs() {
    LtxFileConflictException conflict = new LtxFileConflictException("conflict");

    assertThat(FileFailure.of("write", PATH, conflict)).isSameAs(conflict);
  }
}
