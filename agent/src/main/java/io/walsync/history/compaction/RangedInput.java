package io.walsync.history.compaction;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.replica.LtxFileInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of a replica in ranges, each with a request of its own: a merge may leave one of its
 * inputs alone for as long as it takes to write the pages of the others, and no store keeps a
 * connection open for that long. A file that fits into the buffer costs one request.
 */
final class RangedInput extends InputStream {

  private static final int PAGE_FLAGS_OFFSET = LtxHeader.SIZE + 4;

  private final Contents contents;
  private final LtxFileInfo file;
  private final Tries tries;
  private final Stop stop;
  private final byte[] buffer;
  private long offset;
  private int position;
  private int limit;
  private @Nullable PageEncoding encoding;

  /**
   * @param bufferBytes at least the size of a header and the first page's
   */
  RangedInput(Contents contents, LtxFileInfo file, int bufferBytes, Tries tries, Stop stop) {
    this.stop = stop;
    this.contents = contents;
    this.file = file;
    this.tries = tries;
    buffer = new byte[(int) Math.min(bufferBytes, Math.max(1, file.sizeBytes()))];
  }

  /** Of the first page; null if there is none, or nothing has been read yet. */
  @Nullable PageEncoding encoding() {
    return encoding;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int toOffset, int count) throws IOException {
    if (position == limit && !fill()) {
      return -1;
    }
    int read = Math.min(count, limit - position);
    System.arraycopy(buffer, position, to, toOffset, read);
    position += read;
    return read;
  }

  private boolean fill() throws IOException {
    if (offset >= file.sizeBytes()) {
      return false;
    }
    for (int failureCount = 1; ; failureCount++) {
      stop.check();
      try {
        limit = fetch();
        break;
      } catch (IOException e) {
        tries.awaitNext(e, failureCount);
      }
    }
    if (offset == 0) {
      noteEncoding();
    }
    position = 0;
    offset += limit;
    return true;
  }

  private int fetch() throws IOException {
    int wanted = (int) Math.min(buffer.length, file.sizeBytes() - offset);
    int done = 0;
    try (InputStream in = contents.open(file, offset, wanted)) {
      while (done < wanted) {
        int count = in.read(buffer, done, wanted - done);
        if (count < 0) {
          throw new EOFException(
              file + " ends at byte " + (offset + done) + ", earlier than listed");
        }
        done += count;
      }
    }
    return done;
  }

  private void noteEncoding() {
    if (limit > PAGE_FLAGS_OFFSET + 1) {
      int pgno = 0;
      for (int i = LtxHeader.SIZE; i < PAGE_FLAGS_OFFSET; i++) {
        pgno |= buffer[i];
      }
      boolean isBlock = buffer[PAGE_FLAGS_OFFSET + 1] == 1;
      encoding = pgno == 0 ? null : isBlock ? PageEncoding.LZ4_BLOCK : PageEncoding.LZ4_FRAME;
    }
  }
}
