package io.walsync.bench.micro;

import io.walsync.ltx.Crc64;
import io.walsync.replica.Sha256;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** CRC-64 and SHA-256 of 1 KiB, a page, 100 KiB and 1 MiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DigestBenchmark {

  private static final long SEED = 3;

  @Param({"1024", "4096", "102400", "1048576"})
  public int bytes;

  private final MessageDigest sha256 = Sha256.digest();
  private byte[] content;

  @Setup
  public void fill() {
    content = new byte[bytes];
    new Random(SEED).nextBytes(content);
  }

  @Benchmark
  public long crc64() {
    return Crc64.update(0, content, 0, content.length);
  }

  @Benchmark
  public byte[] sha256() {
    return sha256.digest(content);
  }
}
