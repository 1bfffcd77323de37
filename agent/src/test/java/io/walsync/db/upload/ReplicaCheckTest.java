package io.walsync.db.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.FaultyReplicaClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaCheckTest {

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final long START = Long.MAX_VALUE - 2 * HOUR;
  private static final LtxFileInfo L0 =
      new LtxFileInfo(LtxFileInfo.LEVEL_L0, Txid.of(7), Txid.of(7), 100, 0);
  private static final LtxFileInfo SNAPSHOT =
      new LtxFileInfo(LtxFileInfo.LEVEL_SNAPSHOT, Txid.FIRST, Txid.of(8), 100, 0);

  @TempDir Path folder;
  private FaultyReplicaClient client;
  private final Deque<Runnable> passes = new ArrayDeque<>();
  private ReplicaCheck check;
  private int wakeCount;

  @BeforeEach
  void create() throws IOException {
    ReplicaClient files = new FileReplicaClient(folder.resolve("replica").toFile());
    client = new FaultyReplicaClient(files);
    check = new ReplicaCheck(() -> client, passes::add, HOUR, new Random(5), () -> wakeCount++);
    check.listed(START);
  }

  private ReplicaCheck.Finding run() {
    passes.remove().run();
    return check.collect();
  }

  @Test
  void aReplicaThatIsWrittenIsListedOnceInAnHourAndABit() {
    check.uploaded(L0);
    check.startIfDue(START + HOUR - 1, 7, "");
    assertThat(passes).isEmpty();
    long due = START + HOUR + HOUR / 4;
    check.startIfDue(due, 7, "");
    assertThat(passes).hasSize(1);
    check.startIfDue(due + 30 * HOUR, 7, "");
    assertThat(passes).as("one at a time").hasSize(1);

    ReplicaCheck.Finding finding = run();

    assertThat(wakeCount).isEqualTo(1);
    assertThat(((Outcome.Listed) finding.outcome).inventory.newestTxid()).isZero();
    assertThat(finding.uploadedTxid).isEqualTo(7);
    assertThat(check.collect()).isNull();
    check.uploaded(L0);
    check.startIfDue(due + HOUR - 1, 7, "");
    assertThat(passes).isEmpty();
  }

  @Test
  void aReplicaThatNobodyWritesIsListedOnceADay() {
    check.startIfDue(START + 24 * HOUR - 1, 7, "");
    assertThat(passes).isEmpty();
    check.startIfDue(START + 30 * HOUR, 7, "");
    assertThat(passes).hasSize(1);
  }

  @Test
  void aListingForAnotherReasonCountsAsAPass() {
    check.uploaded(L0);
    check.listed(START + HOUR);
    check.uploaded(L0);
    check.startIfDue(START + 2 * HOUR - 1, 7, "");
    assertThat(passes).isEmpty();
  }

  @Test
  void aPassThatASnapshotOvertookSaysNothing() {
    check.startIfDue(START + 30 * HOUR, 7, "");
    check.uploaded(SNAPSHOT);
    assertThat(run()).isNull();
    check.uploaded(L0);
    check.startIfDue(START + 60 * HOUR, 8, "");
    assertThat(run()).isNotNull();
  }

  @Test
  void aPassThatFailsSaysWhyAndIsNotTriedAgainBeforeItsTime() {
    client.setDown(true);
    check.startIfDue(START + 30 * HOUR, 7, "");
    ReplicaCheck.Finding finding = run();

    assertThat(((Outcome.Failed) finding.outcome).cause).isInstanceOf(ReplicaException.class);
    check.uploaded(L0);
    check.startIfDue(START + 31 * HOUR - 1, 7, "");
    assertThat(passes).isEmpty();
  }
}
