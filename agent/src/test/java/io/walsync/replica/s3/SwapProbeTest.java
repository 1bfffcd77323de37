package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each behaviour that stores were found to have, and what is made of it. */
class SwapProbeTest {

  private final ExecutorService threads = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static class Atomic implements SwapProbe.Place {
    volatile int version = 1;

    @Override
    public synchronized String tag() {
      return "tag-" + version;
    }

    @Override
    public synchronized boolean swap(String tag, String text) throws IOException {
      if (!tag.equals(tag())) {
        return false;
      }
      version++;
      return true;
    }
  }

  private SwapProbe.Result of(SwapProbe.Place place) throws IOException {
    return new SwapProbe(place, threads).run();
  }

  @Test
  void aStoreThatLetsOneOfAMomentThroughIsAtomic() throws IOException {
    assertThat(of(new Atomic())).isEqualTo(SwapProbe.Result.ATOMIC);
  }

  @Test
  void aStoreThatComparesFirstAndWritesThenIsFoundByTheRace() throws IOException {
    CyclicBarrier allHaveCompared = new CyclicBarrier(4);
    SwapProbe.Place place =
        new Atomic() {
          @Override
          public boolean swap(String tag, String text) throws IOException {
            boolean isSame = tag.equals(tag());
            if (isSame && text.startsWith("racer")) {
              try {
                allHaveCompared.await(30, TimeUnit.SECONDS);
              } catch (Exception e) {
                throw new IOException(e);
              }
            }
            version += isSame ? 1 : 0;
            return isSame;
          }
        };

    assertThat(of(place)).isEqualTo(SwapProbe.Result.RACING);
  }

  @Test
  void aStoreThatDoesNotLookAtTagsKeepsNoCondition() throws IOException {
    SwapProbe.Place place =
        new Atomic() {
          @Override
          public boolean swap(String tag, String text) {
            version++;
            return true;
          }
        };

    assertThat(of(place)).isEqualTo(SwapProbe.Result.UNKNOWN);
  }

  @Test
  void aStoreThatRefusesTheRightTagKeepsNoCondition() throws IOException {
    SwapProbe.Place place =
        new Atomic() {
          @Override
          public boolean swap(String tag, String text) {
            return false;
          }
        };

    assertThat(of(place)).isEqualTo(SwapProbe.Result.UNKNOWN);
  }

  @Test
  void anotherWhoProbesTheSameObjectIsTakenForWhatHeIs() throws IOException {
    SwapProbe.Place place =
        new Atomic() {
          private int count;

          @Override
          public synchronized boolean swap(String tag, String text) throws IOException {
            boolean isOtherFaster = count++ == 0 || count == 4;
            version += isOtherFaster ? 1 : 0;
            return super.swap(tag, text);
          }
        };

    assertThat(of(place)).isEqualTo(SwapProbe.Result.ATOMIC);
  }

  @Test
  void aFailureIsNoAnswer() {
    SwapProbe.Place place =
        new Atomic() {
          @Override
          public synchronized boolean swap(String tag, String text) throws IOException {
            if (text.equals("racer 2")) {
              throw new IOException("injected");
            }
            return super.swap(tag, text);
          }
        };

    assertThatThrownBy(() -> of(place)).hasMessage("injected");
  }
}
