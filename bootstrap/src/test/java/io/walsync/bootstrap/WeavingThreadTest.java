package io.walsync.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sqlite.core.NativeDB;

class WeavingThreadTest {

  private static final byte[] CLASS_FILE = {1};
  private static final byte[] WOVEN = {2};

  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<String> late = new LinkedBlockingQueue<>();

  /** How many looks were asked for what is loaded. */
  private final BlockingQueue<String> looks = new LinkedBlockingQueue<>();

  private final WeavingThread weaving =
      new WeavingThread(null) {
        @Override
        byte[] woven(byte[] classFile) {
          return WOVEN;
        }

        @Override
        boolean isWovenLate() {
          late.add("woven");
          return false;
        }

        @Override
        Class<?>[] loadedClasses() {
          looks.add("looked");
          return new Class<?>[] {NativeDB.class};
        }
      };

  @Test
  void aDriverThatStaysAsItWasAlthoughItsWovenClassWasHandedOverIsWovenLater() throws Exception {
    assertArrayEquals(WOVEN, weaving.weave(NativeDB.class.getClassLoader(), CLASS_FILE));
    assertNotNull(late.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void aDriverIsLookedForAlthoughAnotherOneWasFoundFirst() throws Exception {
    try (URLClassLoader second = new URLClassLoader(new URL[0])) {
      weaving.look(second);
      weaving.look(NativeDB.class.getClassLoader());
      assertNotNull(late.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      looks.clear();
      assertNotNull(looks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertNull(late.poll());
    }
  }
}
