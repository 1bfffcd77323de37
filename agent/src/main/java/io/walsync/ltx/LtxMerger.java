package io.walsync.ltx;

import java.io.IOException;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges consecutive LTX files into one. It holds the newest version of each page, and no page that
 * a newer file truncated. Every input is read to its end and proved.
 *
 * <p>Memory: a page and a buffer for each input. Threading: one thread.
 */
public final class LtxMerger {

  private final LtxDecoder[] inputs;
  private final LtxHeader header;

  /**
   * @param oldestFirst at least one, none read from yet
   * @throws LtxFormatException if they do not follow one another without a hole, have different
   *     page sizes, or the newest deletes the database
   */
  public LtxMerger(List<LtxDecoder> oldestFirst) throws LtxFormatException {
    inputs = oldestFirst.toArray(new LtxDecoder[0]);
    LtxHeader first = inputs[0].header();
    LtxHeader last = inputs[inputs.length - 1].header();
    for (int i = 1; i < inputs.length; i++) {
      checkFollows(inputs[i - 1].header(), inputs[i].header());
    }
    if (last.commit() == 0) {
      throw new LtxFormatException("the newest file, " + range(last) + ", deletes the database");
    }
    header =
        LtxHeader.builder()
            .pageSize(first.pageSize())
            .commit(last.commit())
            .minTxid(first.minTxid())
            .maxTxid(last.maxTxid())
            .timestampMillis(last.timestampMillis())
            .build();
  }

  private static void checkFollows(LtxHeader previous, LtxHeader next) throws LtxFormatException {
    if (next.pageSize() != previous.pageSize()) {
      throw new LtxFormatException(
          "page size changes from "
              + previous.pageSize()
              + " in "
              + range(previous)
              + " to "
              + next.pageSize()
              + " in "
              + range(next));
    }
    if (next.minTxid().value() - 1 > previous.maxTxid().value()
        || next.maxTxid().compareTo(previous.maxTxid()) <= 0) {
      throw new LtxFormatException(range(next) + " does not follow " + range(previous));
    }
  }

  private static String range(LtxHeader header) {
    return header.minTxid() + "-" + header.maxTxid();
  }

  /**
   * The header of the merged file: range from first to last, commit and time of the last, no WAL
   * position, no checksums.
   */
  public LtxHeader header() {
    return header;
  }

  /**
   * Writes all pages and finishes the file.
   *
   * @param encoder made with {@link #header}, or with one that has the same commit and range
   * @throws LtxFormatException if an input is damaged, or a file that grew the database lacks pages
   */
  public LtxTrailer mergeInto(LtxEncoder encoder) throws IOException {
    return mergeInto(encoder, (pgno, page) -> {});
  }

  /**
   * As {@link #mergeInto(LtxEncoder)}.
   *
   * @param witness is shown each page that is written
   */
  public LtxTrailer mergeInto(LtxEncoder encoder, LtxDecoder.Pages witness) throws IOException {
    final PriorityQueue<Input> queue = new PriorityQueue<Input>(inputs.length);
    int existing = header.commit();
    for (int i = inputs.length - 1; i >= 0; i--) {
      Input input = new Input(inputs[i], i, existing);
      existing = Math.min(existing, inputs[i].header().commit());
      if (input.advance()) {
        queue.add(input);
      }
    }
    GrowthCheck growth = new GrowthCheck(existing, header);
    int last = 0;
    while (!queue.isEmpty()) {
      Input newest = queue.poll();
      if (newest.pgno != last && newest.pgno <= newest.survivingCommit) {
        last = newest.pgno;
        growth.add(last);
        encoder.writePage(last, newest.page, 0);
        witness.take(last, newest.page);
      }
      if (newest.advance()) {
        queue.add(newest);
      }
    }
    growth.end();
    return encoder.finish();
  }

  /** One input and its current page. The order: lowest page first, then newest input. */
  private static final class Input implements Comparable<Input> {

    private final LtxDecoder decoder;
    private final int age;

    /**
     * Pages beyond this were truncated by a newer input; a later input may have added them anew.
     */
    private final int survivingCommit;

    private final byte[] page;
    private int pgno;

    Input(LtxDecoder decoder, int age, int survivingCommit) {
      this.decoder = decoder;
      this.age = age;
      this.survivingCommit = survivingCommit;
      page = new byte[decoder.header().pageSize()];
    }

    boolean advance() throws IOException {
      pgno = decoder.nextPage(page);
      return pgno != 0;
    }

    @Override
    public int compareTo(Input other) {
      return pgno != other.pgno
          ? Integer.compare(pgno, other.pgno)
          : Integer.compare(other.age, age);
    }
  }

  /**
   * A page that did not exist after one of the inputs must be in a later one: a file that grows the
   * database holds every page it adds.
   */
  private static final class GrowthCheck {

    private final int commit;
    private final int lockPage;
    private int next;

    GrowthCheck(int existing, LtxHeader header) {
      commit = header.commit();
      lockPage = Pgno.lockPage(header.pageSize());
      next = existing + 1;
      skipLockPage();
    }

    void add(int pgno) throws LtxFormatException {
      if (pgno > next) {
        throw hole();
      }
      if (pgno == next) {
        next++;
        skipLockPage();
      }
    }

    void end() throws LtxFormatException {
      if (next <= commit) {
        throw hole();
      }
    }

    private void skipLockPage() {
      if (next == lockPage) {
        next++;
      }
    }

    private LtxFormatException hole() {
      return new LtxFormatException("page " + next + " was added to the database by no file");
    }
  }
}
