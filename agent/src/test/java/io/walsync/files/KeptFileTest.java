package io.walsync.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A descriptor that was opened as its file went. */
class KeptFileTest {

  private static final long MAX_NANOS = 60_000_000_000L;

  @TempDir Path folder;

  private static final class Any extends KeptFile {
    Any(RandomAccessFile file, Object fileKey) {
      super(file, fileKey);
    }
  }

  @BeforeEach
  void onLinux() {
    assumeTrue(new File("/proc/self/fdinfo").isDirectory(), "the kernel lists its descriptors");
  }

  private List<String> open() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.map(KeptFileTest::target)
          .filter(target -> target.startsWith(folder.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private void openWhile(Path path, Runnable meanwhile) {
    AtomicBoolean isDone = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                KeptFile.of(
                    path.toFile(),
                    Any.class,
                    (file, key) -> {
                      if (!isDone.getAndSet(true)) {
                        meanwhile.run();
                      }
                      return new Any(file, key);
                    }))
        .hasMessageContaining("it was replaced at that moment");
  }

  @Test
  void whatIsOpenIsKnownWhateverStandsAtItsPath() throws IOException {
    Path path = Files.writeString(folder.resolve("file"), "one");
    Object key = FileIdentity.keyOf(path.toFile());
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      Files.delete(path);
      Files.writeString(path, "another");
      assertThat(Descriptors.keyOf(file)).isEqualTo(key);
      assertThat(file.readLine()).isEqualTo("one");
    }
  }

  @Test
  void aFileThatWasRemovedAsItWasOpenedIsClosedLikeAnyThatWasDeleted() throws Exception {
    Path path = Files.writeString(folder.resolve("app.db-shm"), "index");
    openWhile(path, () -> delete(path));
    assertThat(open()).hasSize(1);
    DeletedFiles deleted = new DeletedFiles(0);
    long end = System.nanoTime() + MAX_NANOS;
    // Not until it says that nothing is left: other tests of this process have files of their own.
    while (!open().isEmpty()) {
      assertThat(System.nanoTime()).as("open: %s", open()).isLessThan(end);
      deleted.close(key -> false);
    }
  }

  @Test
  void oneThatReplacedItKeepsItsDescriptor() throws Exception {
    Path path = Files.writeString(folder.resolve("app.db-shm"), "index");
    Path next = Files.writeString(folder.resolve("next"), "another");
    openWhile(
        path,
        () -> {
          try {
            Files.move(next, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    new DeletedFiles(0).close(key -> false);
    assertThat(Files.readString(path)).isEqualTo("another");
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
