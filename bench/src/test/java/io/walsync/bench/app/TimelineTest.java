package io.walsync.bench.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {

  @Test
  void theFirstEntryBeyondACommitIsWhenItsSuccessorWasMade(@TempDir Path folder) {
    Timeline written = new Timeline(3);
    written.add(100, 5);
    written.add(200, 9);
    written.add(300, 10);
    written.add(400, 11);
    written.writeTo(folder.resolve("timeline"));

    Timeline timeline = Timeline.readFrom(folder.resolve("timeline"));

    assertThat(timeline.size()).isEqualTo(3);
    assertThat(timeline.firstMicrosAfter(4)).isEqualTo(100);
    assertThat(timeline.firstMicrosAfter(5)).isEqualTo(200);
    assertThat(timeline.firstMicrosAfter(10)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theNewestCommitAtAMomentAndItsDurationAreKept(@TempDir Path folder) {
    Timeline written = new Timeline(2);
    written.add(100, 5, 42);
    written.add(200, 9, 43);
    written.writeTo(folder.resolve("timeline"));

    Timeline timeline = Timeline.readFrom(folder.resolve("timeline"));

    assertThat(timeline.newestAt(99)).isZero();
    assertThat(timeline.newestAt(199)).isEqualTo(5);
    assertThat(timeline.newestAt(200)).isEqualTo(9);
    assertThat(timeline.nanos(1)).isEqualTo(43);
  }
}
