package io.walsync.history.compaction;

import io.walsync.io.Clock;
import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxMerger;
import io.walsync.ltx.LtxTrailer;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageEncoding;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Merges consecutive files of a replica, page by page: into a scratch file, which is proved by
 * reading it back, or into an {@link Image}.
 *
 * <p>Memory: of a merge at most {@value #MAX_INPUTS} inputs are open at a time, each with a page
 * and the buffers of its decoder (0.2 MB with the largest pages), with {@value #BUFFERS_BYTES}
 * bytes of fetched ranges between them: 8 MB in all, whatever the number and size of files and
 * pages. More inputs are merged in rounds, and the index of the output's pages goes to a scratch
 * file when it is large. Disk: the output, and as much again where there are rounds.
 *
 * <p>Of an image as many are open as {@value #INPUTS_BYTES} bytes of decoders allow, 77 with pages
 * of 4 KiB; of more, the newest, which are small, are merged first.
 *
 * <p>Threading: one thread.
 */
public final class Merge {

  static final int MAX_INPUTS = 20;
  static final int BUFFERS_BYTES = 4 * 1024 * 1024;

  /** What is fetched at once of a file, where many are open. */
  private static final int LEAST_BUFFER_BYTES = 128 * 1024;

  private static final int COPY_BUFFER_BYTES = 64 * 1024;

  /** What the inputs of an image may take beside their ranges. */
  static final int INPUTS_BYTES = 5 * 1024 * 1024;

  /** What is fetched at once of a small file of an image. */
  private static final int LEAST_IMAGE_BUFFER_BYTES = 32 * 1024;

  private final Contents contents;
  private final @Nullable Path folder;
  private final Tries tries;
  private final Stop stop;

  /** Whether an input has pages that every Litestream v0.5 reads. */
  private boolean hasFrames;

  private boolean hasBlocks;

  /** Of the pages that are written. */
  private long pagesDigest;

  private long pageCount;

  /** The post-apply checksum of the newest input, if that carries one; else 0. */
  private long trackedChecksum;

  /**
   * @param folder for scratch files; null for the system's
   */
  public Merge(Contents contents, @Nullable Path folder, Clock clock, Random random, Stop stop) {
    this.contents = contents;
    this.stop = stop;
    this.folder = folder;
    this.tries = new Tries(clock, random);
  }

  /** An input: its name for messages, and a stream that is its own. */
  interface Input {
    LtxDecoder open(int bufferBytes) throws IOException;

    long sizeBytes();

    /** After it was read to its end. */
    void close() throws IOException;
  }

  /**
   * @param inputs at least two, oldest first, of one level
   * @throws LtxFormatException if they do not follow each other, or one of them is damaged
   * @throws MergeStoppedException if it is not wanted any more
   * @throws IOException if one could not be read, or no scratch file written
   */
  public Merged run(List<LtxFileInfo> inputs) throws IOException {
    requireConsecutive(inputs);
    List<Input> round = new ArrayList<>();
    for (LtxFileInfo file : inputs) {
      round.add(new FileInput(file));
    }
    try {
      while (round.size() > MAX_INPUTS) {
        round = merged(round);
      }
      return last(round, inputs, inputs.get(0).level() + 1);
    } finally {
      closeAll(round);
    }
  }

  /**
   * The whole database after the newest of its files, to be made while it is written.
   *
   * @param plan what a restore reads, oldest first; at least two
   * @param mostScratchBytes what may be on disk, for all but the page index
   * @throws ScratchTooLargeException if more would have to be
   * @throws IOException as {@link #run}
   */
  public Image image(List<LtxFileInfo> plan, long mostScratchBytes) throws IOException {
    if (plan.size() < 2) {
      throw new LtxFormatException("there is nothing to merge in " + plan);
    }
    List<Input> inputs = new ArrayList<>();
    for (LtxFileInfo file : plan) {
      inputs.add(new FileInput(file));
    }
    boolean isMade = false;
    try {
      double roots = 0;
      for (Input input : inputs) {
        roots += Math.sqrt((double) input.sizeBytes());
      }
      LtxDecoder base = inputs.get(0).open(imageBuffer(inputs.get(0), roots));
      int most = mostOfImage(base.header().pageSize());
      while (inputs.size() > most) {
        mergeNewest(inputs, mostScratchBytes);
      }
      List<LtxDecoder> decoders = new ArrayList<>();
      decoders.add(base);
      for (Input input : inputs.subList(1, inputs.size())) {
        decoders.add(input.open(imageBuffer(input, roots)));
      }
      Image image = new Image(this, plan, inputs, decoders);
      isMade = true;
      return image;
    } finally {
      if (!isMade) {
        closeAll(inputs);
      }
    }
  }

  /** The fewest requests in all: a share that grows with the root of the size. */
  private static int imageBuffer(Input input, double roots) {
    double share = Math.sqrt((double) input.sizeBytes()) / Math.max(1, roots);
    return Math.max(LEAST_IMAGE_BUFFER_BYTES, (int) (BUFFERS_BYTES * share));
  }

  private static int mostOfImage(int pageSize) {
    int each = LEAST_IMAGE_BUFFER_BYTES + LtxDecoder.bufferBytes(pageSize) + pageSize;
    return INPUTS_BYTES / each;
  }

  private void mergeNewest(List<Input> inputs, long mostScratchBytes) throws IOException {
    List<Input> newest =
        new ArrayList<>(inputs.subList(Math.max(1, inputs.size() - MAX_INPUTS), inputs.size()));
    long bytes = 0;
    for (Input input : newest) {
      bytes += input.sizeBytes();
    }
    if (bytes > mostScratchBytes) {
      throw new ScratchTooLargeException(bytes);
    }
    ScratchInput merged = new ScratchInput(write(newest, PageEncoding.LZ4_BLOCK, Sha256.digest()));
    inputs.removeAll(newest);
    inputs.add(merged);
    closeAll(newest);
  }

  static void closeAll(List<Input> inputs) throws IOException {
    for (Input input : inputs) {
      input.close();
    }
  }

  private static void requireConsecutive(List<LtxFileInfo> inputs) throws LtxFormatException {
    if (inputs.size() < 2) {
      throw new LtxFormatException("there is nothing to merge in " + inputs);
    }
    for (int i = 1; i < inputs.size(); i++) {
      LtxFileInfo before = inputs.get(i - 1);
      LtxFileInfo next = inputs.get(i);
      boolean follows =
          before.level() == next.level() && next.minTxid().value() - 1 == before.maxTxid().value();
      if (!follows) {
        throw new LtxFormatException(next + " does not follow " + before);
      }
    }
  }

  /** Each {@link #MAX_INPUTS} of them merged into one. */
  private List<Input> merged(List<Input> round) throws IOException {
    List<Input> next = new ArrayList<>();
    boolean isDone = false;
    try {
      for (int from = 0; from < round.size(); from += MAX_INPUTS) {
        List<Input> group = round.subList(from, Math.min(round.size(), from + MAX_INPUTS));
        next.add(new ScratchInput(write(group, PageEncoding.LZ4_BLOCK, Sha256.digest())));
        closeAll(group);
      }
      isDone = true;
    } finally {
      if (!isDone) {
        closeAll(next);
      }
    }
    return next;
  }

  private Merged last(List<Input> round, List<LtxFileInfo> inputs, int level) throws IOException {
    MessageDigest digest = Sha256.digest();
    ScratchFile output = write(round, null, digest);
    boolean isProved = false;
    try {
      LtxHeader header = prove(output, inputs);
      isProved = true;
      return new Merged(inputs, level, header, output, Sha256.toHex(digest.digest()), sums(), stop);
    } finally {
      if (!isProved) {
        output.close();
      }
    }
  }

  /**
   * @param encoding null for that of the inputs
   */
  private ScratchFile write(
      List<Input> group, @Nullable PageEncoding encoding, MessageDigest digest) throws IOException {
    int bufferBytes = Math.max(LEAST_BUFFER_BYTES, BUFFERS_BYTES / group.size());
    List<LtxDecoder> decoders = new ArrayList<>();
    for (Input input : group) {
      decoders.add(input.open(bufferBytes));
    }
    ScratchFile output = ScratchFile.create(folder);
    boolean isWritten = false;
    try (OutputStream out = new DigestOutputStream(output.output(), digest)) {
      mergeInto(out, decoders, encoding);
      isWritten = true;
      return output;
    } finally {
      if (!isWritten) {
        output.close();
      }
    }
  }

  /**
   * @param decoders oldest first, none read from yet
   * @param encoding null for that of the inputs
   */
  void mergeInto(OutputStream out, List<LtxDecoder> decoders, @Nullable PageEncoding encoding)
      throws IOException {
    LtxMerger merger = new LtxMerger(decoders);
    try (ScratchFile spill = ScratchFile.create(folder)) {
      PageEncoding chosen = encoding == null ? encodingOfInputs() : encoding;
      LtxEncoder encoder = new LtxEncoder(out, merger.header(), chosen, spill);
      pagesDigest = 0;
      pageCount = 0;
      merger.mergeInto(
          encoder,
          (pgno, page) -> {
            stop.check();
            pagesDigest ^= PageChecksum.of(pgno, page, 0, page.length);
            pageCount++;
          });
      LtxTrailer trailer = decoders.get(decoders.size() - 1).trailer();
      assert trailer != null : "it was read to its end";
      trackedChecksum = trailer.postApplyChecksum() != 0 ? trailer.postApplyChecksum() : 0;
    }
  }

  /** Of the pages that were written last. */
  Merged.Sums sums() {
    return new Merged.Sums(pageCount, Crc64.STORED_FLAG | pagesDigest, trackedChecksum);
  }

  void requireWanted() throws IOException {
    stop.check();
  }

  Tries tries() {
    return tries;
  }

  String url() {
    return contents.url();
  }

  /** What an older Litestream reads stays readable for it. */
  private PageEncoding encodingOfInputs() {
    return hasBlocks && !hasFrames ? PageEncoding.LZ4_BLOCK : PageEncoding.LZ4_FRAME;
  }

  /** Reads the output as a restore would, and compares it with what went into it. */
  private LtxHeader prove(ScratchFile output, List<LtxFileInfo> inputs) throws IOException {
    LtxDecoder decoder = new LtxDecoder(output.input(0, stop), "the merged file");
    long[] found = new long[2];
    decoder.readAll(
        (pgno, page) -> {
          found[0] ^= PageChecksum.of(pgno, page, 0, page.length);
          found[1]++;
        });
    LtxHeader header = decoder.header();
    boolean isWhole =
        found[0] == pagesDigest
            && found[1] == pageCount
            && header.minTxid().equals(inputs.get(0).minTxid())
            && header.maxTxid().equals(inputs.get(inputs.size() - 1).maxTxid());
    if (!isWhole) {
      throw new IOException("the merged file does not hold what was merged: a damaged disk?");
    }
    return header;
  }

  private final class FileInput implements Input {

    private final LtxFileInfo file;

    FileInput(LtxFileInfo file) {
      this.file = file;
    }

    @Override
    public LtxDecoder open(int bufferBytes) throws IOException {
      RangedInput in = new RangedInput(contents, file, bufferBytes, tries, stop);
      LtxDecoder decoder = new LtxDecoder(in, contents.url() + " " + file);
      LtxHeader header = decoder.header();
      if (!header.minTxid().equals(file.minTxid()) || !header.maxTxid().equals(file.maxTxid())) {
        throw new LtxFormatException(
            contents.url()
                + " "
                + file
                + " says that it holds "
                + header.minTxid()
                + " to "
                + header.maxTxid()
                + ": it was written under another name");
      }
      hasFrames |= in.encoding() == PageEncoding.LZ4_FRAME;
      hasBlocks |= in.encoding() == PageEncoding.LZ4_BLOCK;
      return decoder;
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public void close() {}
  }

  private static final class ScratchInput implements Input {

    private final ScratchFile file;

    ScratchInput(ScratchFile file) {
      this.file = file;
    }

    @Override
    public LtxDecoder open(int bufferBytes) throws IOException {
      InputStream in =
          new java.io.BufferedInputStream(file.input(0, Stop.NEVER), COPY_BUFFER_BYTES);
      return new LtxDecoder(in, "a merged file");
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
