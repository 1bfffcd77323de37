package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.events.LogLines;
import io.walsync.db.events.Unstored;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuspensionTest {

  private static final long UPLOADED_TXID = 7;
  private static final Duration HEALED = Duration.ofSeconds(1);

  private final AgentLines lines = new AgentLines();
  private final ManualClock clock = new ManualClock();
  private final LogLines told = new LogLines(new File("app.db"), "file:///replica");
  private final Suspension suspension =
      new Suspension(new Random(1), told, new Unstored(clock::millis), clock);

  @BeforeEach
  void askReplica() {
    told.replicaKnown(UPLOADED_TXID);
  }

  @AfterEach
  void closeLines() {
    lines.close();
  }

  private static Throwable locked() {
    return new SQLException("database is locked", null, 5);
  }

  /** Fails, is told of it if it is time, and waits as long as it is to. */
  private boolean fail(Throwable cause) {
    long waitNanos = suspension.failed(cause);
    boolean isTold = suspension.tell(UPLOADED_TXID);
    clock.passNanos(waitNanos);
    return isTold;
  }

  private int warningCount() {
    return lines.with("WARN", "not replicated for now").size();
  }

  @Test
  void aFailureThatMayPassByItselfIsToldWithTheFourth() {
    for (int i = 1; i <= 3; i++) {
      assertThat(fail(new IOException("broken"))).as("failure %d", i).isFalse();
    }
    assertThat(warningCount()).isZero();
    assertThat(fail(new IOException("broken"))).isTrue();
    assertThat(lines.with("WARN", "broken", "the replica is at TXID 0000000000000007")).hasSize(1);
  }

  @Test
  void whatGoesOnIsToldOnceHoweverOftenItFails() {
    for (int i = 0; i < 50; i++) {
      fail(new IOException("broken"));
    }
    assertThat(warningCount()).isEqualTo(1);
    assertThat(suspension.describe()).contains("broken");
  }

  @Test
  void theWaitsGrowToTenSeconds() {
    long longest = 0;
    for (int i = 0; i < 50; i++) {
      longest = Math.max(longest, suspension.failed(new IOException("broken")));
    }
    assertThat(longest).isBetween(TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void aLockIsNotWorthAWordBeforeItHasBeenHeldForFiveSeconds() {
    Duration held = Duration.ZERO;
    while (held.toMillis() < 4_500) {
      long waitNanos = suspension.failed(locked());
      assertThat(TimeUnit.NANOSECONDS.toMillis(waitNanos)).isLessThanOrEqualTo(500);
      assertThat(suspension.tell(UPLOADED_TXID)).isFalse();
      assertThat(suspension.isLockOfAMoment()).isTrue();
      clock.passNanos(waitNanos);
      held = held.plusNanos(waitNanos);
    }
    clock.pass(Duration.ofSeconds(1));
    assertThat(suspension.isLockOfAMoment()).isFalse();
    assertThat(fail(locked())).isTrue();
  }

  @Test
  void aLockAmongOtherFailuresIsAFailureLikeThem() {
    fail(locked());
    fail(new IOException("broken"));
    assertThat(suspension.isLockOfAMoment()).isFalse();
    fail(locked());
    assertThat(fail(locked())).isTrue();
  }

  @Test
  void aDatabaseThatTheApplicationKeepsForItselfIsToldAtOnce() {
    assertThat(fail(ExclusiveLockingException.notTaken())).isTrue();
    assertThat(suspension.isExclusive()).isTrue();
  }

  @Test
  void itIsOverOnceTheDatabaseHasBeenCapturedForASecond() {
    for (int i = 0; i < 4; i++) {
      fail(new IOException("broken"));
    }
    suspension.captured(UPLOADED_TXID);
    suspension.survived(HEALED.minusNanos(1).toNanos(), UPLOADED_TXID);
    assertThat(lines.with("INFO")).isEmpty();
    suspension.survived(HEALED.toNanos(), UPLOADED_TXID);
    assertThat(lines.with("INFO", "replicating again")).hasSize(1);
    assertThat(suspension.describe()).isEmpty();
  }

  @Test
  void whatFailsAgainBeforeItHasHealedIsTheSameTimeOfTrouble() {
    for (int i = 0; i < 20; i++) {
      fail(new IOException("broken"));
      suspension.captured(UPLOADED_TXID);
      suspension.survived(HEALED.dividedBy(2).toNanos(), UPLOADED_TXID);
    }
    assertThat(warningCount()).isEqualTo(1);
    assertThat(lines.with("INFO")).isEmpty();
  }

  @Test
  void aTroubleThatNobodyWasToldOfEndsWithoutAWordOfIt() {
    fail(new IOException("broken"));
    suspension.captured(UPLOADED_TXID);
    suspension.survived(HEALED.toNanos(), UPLOADED_TXID);
    assertThat(lines.with("again")).isEmpty();
    assertThat(lines.with("INFO", "replicating to file:///replica")).hasSize(1);
  }

  @Test
  void aLockThatHasPassedHoldsUpNoAnnouncement() {
    fail(locked());
    suspension.captured(UPLOADED_TXID);
    assertThat(lines.with("INFO", "replicating to file:///replica")).hasSize(1);
    suspension.survived(HEALED.toNanos(), UPLOADED_TXID);
    assertThat(lines.with("INFO")).hasSize(1);
  }
}
