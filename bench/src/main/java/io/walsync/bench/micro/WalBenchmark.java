package io.walsync.bench.micro;

import io.walsync.wal.WalChecksum;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading the WAL: its header, a frame's header, a frame's checksum. Pages of 4 KiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WalBenchmark {

  private static final int PAGE_BYTES = 4096;
  private static final int MAGIC = 0x377f0682;
  private static final int FORMAT = 3007000;
  private static final int CHECKSUMMED_BYTES = 24;
  private static final int FRAME_CHECKSUMMED_BYTES = 8;
  private static final long SEED = 3;

  private final byte[] header = new byte[WalHeader.SIZE];
  private final byte[] frame = new byte[WalFrameHeader.SIZE + PAGE_BYTES];
  private WalHeader wal;
  private long start;

  /** Makes a header and one commit frame with right checksums. */
  @Setup
  public void write() throws WalFormatException {
    ByteBuffer head = ByteBuffer.wrap(header);
    head.putInt(MAGIC).putInt(FORMAT).putInt(PAGE_BYTES).putInt(1).putInt(17).putInt(4711);
    start = WalChecksum.update(WalChecksum.of(0, 0), header, 0, CHECKSUMMED_BYTES, false);
    head.putInt(WalChecksum.checksum1(start)).putInt(WalChecksum.checksum2(start));
    wal = WalHeader.parse(header);
    byte[] page = new byte[PAGE_BYTES];
    new Random(SEED).nextBytes(page);
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    buffer.putInt(7).putInt(9).putInt(17).putInt(4711).putLong(0).put(page);
    long sum = WalChecksum.update(start, frame, 0, FRAME_CHECKSUMMED_BYTES, false);
    sum = WalChecksum.update(sum, frame, WalFrameHeader.SIZE, PAGE_BYTES, false);
    buffer.putInt(16, WalChecksum.checksum1(sum)).putInt(20, WalChecksum.checksum2(sum));
    if (!WalFrameHeader.isValid(wal, start, frame, 0)) {
      throw new IllegalStateException("the frame is not valid");
    }
  }

  @Benchmark
  public WalHeader parseWalHeader() throws WalFormatException {
    return WalHeader.parse(header);
  }

  @Benchmark
  public long parseFrameHeader() {
    return WalFrameHeader.pgno(frame, 0)
        + WalFrameHeader.commit(frame, 0)
        + WalFrameHeader.salt1(frame, 0)
        + WalFrameHeader.salt2(frame, 0)
        + WalFrameHeader.checksum(frame, 0);
  }

  /** Salts, and the checksum over header and page. */
  @Benchmark
  public boolean proveFrame() {
    return WalFrameHeader.isValid(wal, start, frame, 0);
  }
}
