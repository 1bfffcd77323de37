package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

class BoundedLookupTest {

  private static final AwsCredentialsIdentity KEYS = AwsCredentialsIdentity.create("id", "secret");

  @Test
  void aSearchThatHangsIsNotWaitedForAndNotBegunTwice() throws IOException {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    BoundedLookup lookup =
        new BoundedLookup(
            () -> {
              count.incrementAndGet();
              answer.await();
              return KEYS;
            },
            10);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(lookup::get).hasMessage("no answer within 10 ms");
    }
    answer.countDown();
    Awaitility.await().ignoreExceptions().until(() -> lookup.get() == KEYS);
    assertThat(count).hasValue(1);
  }

  @Test
  void aSearchThatFailsIsBegunAgain() throws IOException {
    AtomicInteger count = new AtomicInteger();
    BoundedLookup lookup =
        new BoundedLookup(
            () -> {
              if (count.incrementAndGet() == 1) {
                throw new IllegalStateException("nothing here", new IOException("refused"));
              }
              return KEYS;
            },
            60_000);

    assertThatThrownBy(lookup::get).hasMessage("nothing here: refused");
    assertThat(lookup.get()).isEqualTo(KEYS);
  }

  @Test
  void aSearchEndsWhenItIsClosed() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    BoundedLookup lookup =
        new BoundedLookup(
            () -> {
              try {
                new CountDownLatch(1).await();
              } finally {
                ended.countDown();
              }
              return KEYS;
            },
            10);
    assertThatThrownBy(lookup::get).hasMessageContaining("no answer");

    lookup.close();

    ended.await();
  }
}
