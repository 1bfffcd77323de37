package io.walsync.bench.peer;

import io.walsync.bench.app.CommitMark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import net.jpountz.lz4.LZ4FrameInputStream;

/**
 * Looks for commits' marks in every LZ4 frame of an object, whatever stands between the frames.
 * walrust's files look like LTX and are not quite.
 */
final class MarksOfFrames {

  private static final byte[] MAGIC = {0x04, 0x22, 0x4D, 0x18};

  private MarksOfFrames() {}

  static long newestIn(byte[] object) throws IOException {
    long newest = CommitMark.NONE;
    for (int i = 0; i + MAGIC.length <= object.length; i++) {
      if (isMagicAt(object, i)) {
        newest = Math.max(newest, CommitMark.newestIn(frameAt(object, i)));
      }
    }
    return newest;
  }

  private static boolean isMagicAt(byte[] object, int start) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (object[start + i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] frameAt(byte[] object, int start) throws IOException {
    try (InputStream in =
        new LZ4FrameInputStream(
            new ByteArrayInputStream(object, start, object.length - start), true)) {
      return in.readAllBytes();
    }
  }
}
