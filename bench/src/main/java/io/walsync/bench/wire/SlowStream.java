package io.walsync.bench.wire;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Passes bytes on at a low rate while it is asked to. */
final class SlowStream extends FilterOutputStream {

  static final int BYTES_PER_SECOND = 4_000;

  private static final int STEP_MILLIS = 50;
  private static final int STEP_BYTES = BYTES_PER_SECOND * STEP_MILLIS / 1_000;

  private final BooleanSupplier isSlow;

  SlowStream(OutputStream out, BooleanSupplier isSlow) {
    super(out);
    this.isSlow = isSlow;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int step = length - done;
      if (isSlow.getAsBoolean()) {
        step = Math.min(STEP_BYTES, step);
        Pause.millis(STEP_MILLIS);
      }
      out.write(bytes, offset + done, step);
      done += step;
    }
  }
}
