package io.walsync.bench.micro;

import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxTrailer;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.PageFrame;
import io.walsync.ltx.Txid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A page of 4 KiB, two thirds of it words, into an LTX file and back, and a file of 250 such pages.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LtxBenchmark {

  private static final int PAGE_BYTES = 4096;
  private static final int PAGE_COUNT = 250;
  private static final int NOISE_BYTES = PAGE_BYTES / 3;
  private static final String[] WORDS = {
    "order ", "invoice ", "customer ", "delivered ", "pending ", "warehouse ", "Lisbon ", "of "
  };
  private static final long SEED = 3;

  @Param({"LZ4_FRAME", "LZ4_BLOCK"})
  public PageEncoding encoding;

  private final byte[] page = new byte[PAGE_BYTES];
  private final byte[] decoded = new byte[PAGE_BYTES];
  private byte[] file;
  private int frameBytes;

  @Setup
  public void fill() throws IOException {
    Random random = new Random(SEED);
    random.nextBytes(page);
    for (int at = NOISE_BYTES; at < PAGE_BYTES; ) {
      byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.US_ASCII);
      int length = Math.min(word.length, PAGE_BYTES - at);
      System.arraycopy(word, 0, page, at, length);
      at += length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encode(out);
    file = out.toByteArray();
    frameBytes = PageFrame.length(file, LtxHeader.SIZE, file.length, PAGE_BYTES);
  }

  private LtxTrailer encode(OutputStream out) throws IOException {
    LtxHeader header =
        LtxHeader.builder()
            .flags(LtxHeader.FLAG_NO_CHECKSUM)
            .pageSize(PAGE_BYTES)
            .commit(PAGE_COUNT)
            .minTxid(Txid.of(1))
            .maxTxid(Txid.of(1))
            .build();
    LtxEncoder encoder = new LtxEncoder(out, header, encoding);
    for (int pgno = 1; pgno <= PAGE_COUNT; pgno++) {
      encoder.writePage(pgno, page, 0);
    }
    return encoder.finish();
  }

  /** LZ4, checksum and index of each page, for one page. */
  @Benchmark
  @OperationsPerInvocation(PAGE_COUNT)
  public LtxTrailer encodePage() throws IOException {
    return encode(OutputStream.nullOutputStream());
  }

  @Benchmark
  public byte[] decodePage() throws LtxFormatException {
    PageFrame.decode(file, LtxHeader.SIZE, frameBytes, decoded, 0, PAGE_BYTES);
    return decoded;
  }

  @Benchmark
  public byte[] encodeFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
    encode(out);
    return out.toByteArray();
  }

  /** With all checksums proved. */
  @Benchmark
  public int decodeFile() throws IOException {
    LtxDecoder decoder = new LtxDecoder(new ByteArrayInputStream(file));
    int count = 0;
    while (decoder.nextPage(decoded) != 0) {
      count++;
    }
    return count;
  }
}
