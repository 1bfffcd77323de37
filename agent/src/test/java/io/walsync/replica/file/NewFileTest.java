package io.walsync.replica.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.FileAccess;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {

  private static final byte[] CONTENT = new byte[200_000];

  @TempDir Path folder;

  @Test
  void withoutLinksAFileStillAppearsOnceAndIsNotReplaced() throws IOException {
    Path path = folder.resolve("a.ltx");
    assertThat(NewFile.publishWithoutLinks(temporary("1"), path)).isTrue();
    Path second = temporary("2");
    assertThat(NewFile.publishWithoutLinks(second, path)).isFalse();

    assertThat(path).hasContent("1");
    assertThat(names()).containsExactlyInAnyOrder("a.ltx", second.getFileName().toString());
  }

  @Test
  void withoutLinksManyWritersLeaveOneFile() throws Exception {
    Path path = folder.resolve("a.ltx");
    List<Callable<Boolean>> writers =
        Stream.iterate(0, i -> i + 1)
            .limit(16)
            .<Callable<Boolean>>map(
                i ->
                    () -> {
                      try {
                        return NewFile.publishWithoutLinks(temporary("" + i), path);
                      } catch (ReplicaException e) {
                        assertThat(e.isPermanent()).isFalse();
                        return false; // the claim is taken: to be tried again
                      }
                    })
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    int winners = 0;
    for (Future<Boolean> result : threads.invokeAll(writers)) {
      winners += result.get() ? 1 : 0;
    }
    threads.shutdown();

    assertThat(winners).isEqualTo(1);
  }

  @Test
  void aClaimOfACrashIsALeftover() throws IOException {
    Path path = folder.resolve("a.ltx");
    Files.createFile(folder.resolve("a.ltx.claim.walsync.tmp"));
    assertThatThrownBy(() -> NewFile.publishWithoutLinks(temporary("1"), path))
        .hasMessageContaining("claim");

    NewFile.removeLeftovers(folder);

    assertThat(NewFile.publishWithoutLinks(temporary("2"), path)).isTrue();
  }

  @Test
  void aSourceThatFailsHalfWayLeavesNothing() throws IOException {
    LtxSource broken =
        new LtxSource() {
          @Override
          public long sizeBytes() {
            return CONTENT.length;
          }

          @Override
          public InputStream open(long offset) {
            return new InputStream() {
              private int count;

              @Override
              public int read() throws IOException {
                if (count++ > CONTENT.length / 2) {
                  throw new IOException("bad sector");
                }
                return 0;
              }
            };
          }
        };
    Path path = folder.resolve("a.ltx");
    assertThatThrownBy(
            () -> NewFile.write(path, broken, 0, Sha256.hexOf(CONTENT), FileAccess.BY_UMASK))
        .hasMessageContaining("bad sector");

    assertThat(names()).isEmpty();
  }

  @Test
  void theFileHasItsTimeWhenItAppears() throws IOException {
    Path path = folder.resolve("a.ltx");
    assertThat(
            NewFile.write(
                path,
                new BytesSource(CONTENT),
                123_000,
                Sha256.hexOf(CONTENT),
                FileAccess.BY_UMASK))
        .isTrue();

    assertThat(Files.getLastModifiedTime(path).toMillis()).isEqualTo(123_000);
    assertThat(path).hasBinaryContent(CONTENT);
    assertThat(names()).containsExactly("a.ltx");
  }

  private Path temporary(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "t", ".walsync.tmp"), content);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
