package io.walsync.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class DeletedFilesTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @TempDir Path temporary;
  private Path folder;
  private final DeletedFiles deleted = new DeletedFiles(0);

  @BeforeEach
  void resolve() throws IOException {
    folder = temporary.toRealPath();
  }

  private Path create(String name) throws IOException {
    return Files.write(folder.resolve(name), new byte[] {1, 2, 3});
  }

  private DatabaseFile open(Path path) throws IOException {
    return DatabaseFile.of(path.toFile());
  }

  private long descriptorCount(String name) throws IOException {
    File[] descriptors = new File("/proc/self/fd").listFiles();
    long count = 0;
    for (File descriptor : descriptors) {
      try {
        String target = Files.readSymbolicLink(descriptor.toPath()).toString();
        count += target.startsWith(folder.resolve(name).toString()) ? 1 : 0;
      } catch (IOException closedMeanwhile) {
        continue;
      }
    }
    return count;
  }

  /** Another deleted file, seen first in the same look as all others, has been closed. */
  private void lookUntilOneIsClosed() throws IOException {
    Path witness = create("witness");
    open(witness);
    Files.delete(witness);
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (descriptorCount("witness") > 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      deleted.close(key -> false);
    }
  }

  @Test
  void aFileThatIsReadIsClosedAfterwards() throws IOException {
    Path path = create("app.db");
    DatabaseFile file = open(path);
    file.addReader();
    Files.delete(path);
    lookUntilOneIsClosed();
    assertThat(file.sizeBytes()).isEqualTo(3);
    file.removeReader();
    lookUntilOneIsClosed();
    assertThat(descriptorCount("app.db")).isZero();
    assertThatThrownBy(file::addReader).isInstanceOf(IOException.class);
  }

  @Test
  void whatAnybodyInTheProcessHasOpenStaysOpen() throws IOException {
    Path path = create("app.db");
    try (RandomAccessFile connection = new RandomAccessFile(path.toFile(), "rw")) {
      open(path);
      Files.delete(path);
      lookUntilOneIsClosed();
      assertThat(connection.length()).isEqualTo(3);
      assertThat(descriptorCount("app.db")).isEqualTo(2);
    }
    lookUntilOneIsClosed();
    assertThat(descriptorCount("app.db")).isZero();
  }

  @Test
  void whatTheAgentKnowsAConnectionToStaysOpen() throws IOException {
    Path path = create("app.db");
    Object key = open(path).key();
    Files.delete(path);
    Path witness = create("other");
    open(witness);
    Files.delete(witness);
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (descriptorCount("other") > 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      deleted.close(key::equals);
    }
    assertThat(descriptorCount("app.db")).isEqualTo(1);
  }

  @Test
  void aFileWithAnotherNameStaysOpen() throws IOException {
    Path renamed = create("renamed");
    open(renamed);
    Files.move(renamed, folder.resolve("elsewhere"));
    Path linked = create("linked");
    open(linked);
    Files.createLink(folder.resolve("link"), linked);
    Files.delete(linked);
    lookUntilOneIsClosed();
    assertThat(descriptorCount("elsewhere")).isEqualTo(1);
    assertThat(descriptorCount("linked")).isEqualTo(1);
  }

  @Test
  void aReplacedFileIsClosedAndTheNewOneStays() throws IOException {
    Path path = create("app.db");
    DatabaseFile old = open(path);
    Files.move(create("new"), path, StandardCopyOption.REPLACE_EXISTING);
    DatabaseFile file = open(path);
    Files.delete(create("app.db.unrelated"));
    lookUntilOneIsClosed();
    assertThat(file).isNotSameAs(old);
    assertThat(file.sizeBytes()).isEqualTo(3);
    // It was last found at a path where another stands now.
    assertThat(descriptorCount("app.db")).isEqualTo(1);
  }

  @Test
  void aFileThatStandsWhereItStoodIsNotTouched() throws IOException {
    DatabaseFile file = open(create("app.db"));
    lookUntilOneIsClosed();
    assertThat(file.sizeBytes()).isEqualTo(3);
    assertThat(open(folder.resolve("app.db"))).isSameAs(file);
  }
}
