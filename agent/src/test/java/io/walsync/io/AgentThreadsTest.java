package io.walsync.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentThreadsTest {

  private static final long DEADLINE_SECONDS = 60;

  private final AgentThreads threads = new AgentThreads(2, "test");

  @AfterEach
  void closeThreads() throws InterruptedException {
    assertThat(threads.close(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS))).isTrue();
  }

  @Test
  void aLongTaskDoesNotKeepOthersWaiting() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    threads.run(() -> await(end));
    CountDownLatch others = new CountDownLatch(10);
    for (int i = 0; i < 5; i++) {
      threads.run(others::countDown);
      threads.runAfter(i, others::countDown);
    }
    assertThat(others.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    end.countDown();
  }

  @Test
  void timersRunInTheOrderOfTheirTimes() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(5);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    AgentThreads one = new AgentThreads(1, "test");
    one.run(() -> await(busy));
    for (int i : new int[] {3, 1, 4, 0, 2}) {
      one.runAfter(
          TimeUnit.MILLISECONDS.toNanos(i),
          () -> {
            order.add(i);
            end.countDown();
          });
    }
    busy.countDown();
    assertThat(end.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(order).containsExactly(0, 1, 2, 3, 4);
    assertThat(one.close(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS))).isTrue();
  }

  @Test
  void aCancelledTimerNeverRuns() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch later = new CountDownLatch(1);
    threads.runAfter(TimeUnit.MILLISECONDS.toNanos(50), runs::incrementAndGet).cancel();
    threads.runAfter(TimeUnit.MILLISECONDS.toNanos(60), later::countDown);
    assertThat(later.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(runs).hasValue(0);
  }

  @Test
  void aTaskThatThrowsCostsNoThread() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      threads.run(
          () -> {
            throw new IllegalStateException("this one is expected in the log of the test");
          });
    }
    CountDownLatch next = new CountDownLatch(1);
    threads.run(next::countDown);
    assertThat(next.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingRunsAfterTheClose() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(1);
    threads.runAfter(TimeUnit.HOURS.toNanos(1), runs::incrementAndGet);
    threads.run(started::countDown);
    assertThat(started.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    threads.close(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
    threads.run(runs::incrementAndGet);
    assertThat(runs).hasValue(0);
  }

  @Test
  void whatABellIsForIsDoneAfterEachRingAndNeverTwiceAtOnce() throws InterruptedException {
    AtomicInteger rung = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(1);
    int count = 20_000;
    AgentThreads.Bell bell =
        threads.bell(
            () -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              seen.set(rung.get());
              inside.decrementAndGet();
              if (seen.get() == count) {
                all.countDown();
              }
            });
    for (int i = 0; i < count; i++) {
      rung.incrementAndGet();
      bell.ring();
    }
    assertThat(all.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(most).hasValue(1);
  }

  @Test
  void hundredsOfBellsAreToldApart() throws InterruptedException {
    int count = 300;
    CountDownLatch done = new CountDownLatch(count);
    List<AgentThreads.Bell> bells = new ArrayList<>();
    boolean[] isRung = new boolean[count];
    for (int i = 0; i < count; i++) {
      int number = i;
      bells.add(
          threads.bell(
              () -> {
                isRung[number] = true;
                done.countDown();
              }));
    }
    bells.forEach(AgentThreads.Bell::ring);
    assertThat(done.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    for (boolean is : isRung) {
      assertThat(is).isTrue();
    }
  }

  @Test
  void aBellThatIsRemovedMakesRoomAndIsHeardNoMore() throws InterruptedException {
    AtomicInteger removedRuns = new AtomicInteger();
    AgentThreads.Bell removed = threads.bell(removedRuns::incrementAndGet);
    removed.remove();
    removed.ring();
    CountDownLatch done = new CountDownLatch(1);
    threads.bell(done::countDown).ring();
    assertThat(done.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(removedRuns).hasValue(0);
  }

  /** A thread that rings may die anywhere; here it is stopped at the end of ever smaller stacks. */
  @Test
  void aThreadThatDiesOfItsStackWhileItRingsLeavesTheBellInOrder() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    AgentThreads.Bell bell = threads.bell(runs::incrementAndGet);
    for (int i = 0; i < 20; i++) {
      Thread deep = new Thread(null, () -> ringAtTheEnd(bell), "deep", 256 * 1024);
      deep.start();
      deep.join();
      CountDownLatch next = new CountDownLatch(1);
      threads.bell(next::countDown).ring();
      assertThat(next.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      int before = runs.get();
      bell.ring();
      while (runs.get() == before) {
        Thread.onSpinWait();
      }
    }
  }

  private static void ringAtTheEnd(AgentThreads.Bell bell) {
    try {
      ringAtTheEnd(bell);
    } catch (StackOverflowError end) {
      bell.ring();
    }
  }

  @Test
  void anAgentThreadHasNothingOfTheThreadThatMadeIt() throws Exception {
    ThreadGroup group = new ThreadGroup("application");
    Thread[] made = new Thread[1];
    Thread application =
        new Thread(
            group,
            () -> {
              Thread.currentThread().setContextClassLoader(new ClassLoader(null) {});
              Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
              made[0] = AgentThread.of(() -> {}, "walsync-test");
            });
    application.start();
    application.join();
    assertThat(made[0].getContextClassLoader()).isSameAs(AgentThread.class.getClassLoader());
    assertThat(made[0].getThreadGroup().getParent()).isNull();
    assertThat(made[0].getPriority()).isEqualTo(Thread.NORM_PRIORITY);
    assertThat(made[0].isDaemon()).isTrue();
    assertThat(made[0].getUncaughtExceptionHandler()).isNotSameAs(group);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
