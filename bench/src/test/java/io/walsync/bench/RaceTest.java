package io.walsync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.WrongRestoreException;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaceTest {

  @TempDir Path folder;
  private List<Contender> contenders;
  private final List<String> order = new ArrayList<>();

  @BeforeEach
  void findNobodyAndWalsync() {
    System.setProperty("walsync.bench.work", folder.resolve("work").toString());
    contenders = Contenders.find(new Lab(folder), List.of("")).withNobody();
  }

  @Test
  void contendersTakeTurns() throws InterruptedException {
    Map<Contender, Race.Score<Integer>> scores =
        new Race<Integer>("test", contenders, 3)
            .run(
                contender -> {
                  order.add(contender.name());
                  return order.size();
                });

    assertThat(order).isEqualTo(List.of("none", "Walsync", "none", "Walsync", "none", "Walsync"));
    assertThat(scores.get(contenders.get(1)).runs()).isEqualTo(List.of(2, 4, 6));
  }

  @Test
  void oneWrongRestoreTakesAllNumbersAway() throws InterruptedException {
    Map<Contender, Race.Score<Integer>> scores =
        new Race<Integer>("test", contenders, 3)
            .run(
                contender -> {
                  order.add(contender.name());
                  if (order.size() == 4) {
                    throw new WrongRestoreException("4 of 10 rows missing");
                  }
                  return 1;
                });

    Race.Score<Integer> score = scores.get(contenders.get(1));
    assertThat(score.isRight()).isFalse();
    assertThat(score.runs()).isEmpty();
    assertThat(score.failure()).isEqualTo("WRONG: 4 of 10 rows missing");
    assertThat(scores.get(contenders.get(0)).runs()).hasSize(3);
    assertThat(order).hasSize(5);
  }

  @Test
  void sideBySideAFailureConcernsOnlyItsOwner() throws InterruptedException {
    Map<Contender, Race.Score<Integer>> scores =
        new Race<Integer>("test", contenders, 1)
            .runTogether(
                contender -> {
                  if (contender.isReplicating()) {
                    throw new LabException("gone\nlog");
                  }
                  return 1;
                });

    assertThat(scores.get(contenders.get(0)).runs()).isEqualTo(List.of(1));
    assertThat(scores.get(contenders.get(1)).failure()).isEqualTo("failed: gone");
  }

  @Test
  void aFailureNamesNoFolderOfThisMachine() {
    assertThat(
            Race.withoutFolders(
                "[/opt/bin/walrust, restore, -o, /work/a/out.db, s3://bucket/run-1/app-0] left"
                    + " with 6"))
        .isEqualTo("[walrust, restore, -o, out.db, s3://bucket/run-1/app-0] left with 6");
  }
}
