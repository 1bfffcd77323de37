package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.DbEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoubtTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<String> heard = new ArrayList<>();

  private final Doubt doubt =
      new Doubt(
          new DbEvents() {
            @Override
            public void inDoubt(String why) {
              heard.add(why);
            }

            @Override
            public void doubtEnded() {
              heard.add("ended");
            }
          });

  @Test
  void aDoubtThatEndsSoonIsNotTold() {
    doubt.look(true, 0);
    assertThat(doubt.isOpen()).isTrue();
    doubt.look(true, 4 * SECOND);
    assertThat(doubt.isTold()).isFalse();
    doubt.look(false, 5 * SECOND);
    assertThat(doubt.isOpen()).isFalse();
    assertThat(heard).isEmpty();
  }

  @Test
  void oneThatGoesOnIsToldOnceAndSoIsItsEnd() {
    doubt.look(true, 0);
    doubt.look(true, 5 * SECOND);
    doubt.look(true, 60 * SECOND);
    assertThat(doubt.isTold()).isTrue();
    doubt.look(false, 61 * SECOND);
    assertThat(doubt.isTold()).isFalse();
    doubt.look(false, 62 * SECOND);
    assertThat(heard).containsExactly(Doubt.IN_WORDS, "ended");
  }
}
