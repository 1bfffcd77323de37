package io.walsync.ltx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The first 100 bytes of an LTX file. Immutable; every instance satisfies the format's rules. */
public final class LtxHeader {

  public static final int SIZE = 100;

  /** The file carries no checksums of the database. Set in everything Litestream and we write. */
  public static final int FLAG_NO_CHECKSUM = 0x2;

  private static final byte[] MAGIC = {'L', 'T', 'X', '1'};
  private static final byte[] MAGIC_ENCRYPTED = {'L', 'T', 'X', '4'};

  private final int flags;
  private final int pageSize;
  private final int commit;
  private final Txid minTxid;
  private final Txid maxTxid;
  private final long timestampMillis;
  private final long preApplyChecksum;
  private final long walOffset;
  private final long walSize;
  private final int walSalt1;
  private final int walSalt2;
  private final long nodeId;

  private LtxHeader(Builder from) {
    flags = from.flags;
    pageSize = from.pageSize;
    commit = from.commit;
    minTxid = from.minTxid;
    maxTxid = from.maxTxid;
    timestampMillis = from.timestampMillis;
    preApplyChecksum = from.preApplyChecksum;
    walOffset = from.walOffset;
    walSize = from.walSize;
    walSalt1 = from.walSalt1;
    walSalt2 = from.walSalt2;
    nodeId = from.nodeId;
  }

  /** A builder with {@link #FLAG_NO_CHECKSUM} set and no WAL position. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this header. */
  public Builder toBuilder() {
    Builder to = new Builder();
    to.flags = flags;
    to.pageSize = pageSize;
    to.commit = commit;
    to.minTxid = minTxid;
    to.maxTxid = maxTxid;
    to.timestampMillis = timestampMillis;
    to.preApplyChecksum = preApplyChecksum;
    to.walOffset = walOffset;
    to.walSize = walSize;
    to.walSalt1 = walSalt1;
    to.walSalt2 = walSalt2;
    to.nodeId = nodeId;
    return to;
  }

  public int flags() {
    return flags;
  }

  /** Whether the file carries checksums of the database before and after it. */
  public boolean isTracked() {
    return (flags & FLAG_NO_CHECKSUM) == 0;
  }

  /** Bytes, a power of two, 512 to 65536. */
  public int pageSize() {
    return pageSize;
  }

  /** Size of the database after the file is applied, in pages; 0 says it was deleted. */
  public int commit() {
    return commit;
  }

  public Txid minTxid() {
    return minTxid;
  }

  public Txid maxTxid() {
    return maxTxid;
  }

  /** Whether the file must hold every page: exactly if it starts at TXID 1. */
  public boolean isSnapshot() {
    return minTxid.equals(Txid.FIRST);
  }

  /** Milliseconds since the Unix epoch. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** Checksum of the database before the file; 0 unless the file is tracked and no snapshot. */
  public long preApplyChecksum() {
    return preApplyChecksum;
  }

  /** Byte in the WAL where the file's frames begin; 0 if it does not come from a WAL. */
  public long walOffset() {
    return walOffset;
  }

  /** Bytes of the WAL that the file covers. */
  public long walSize() {
    return walSize;
  }

  public int walSalt1() {
    return walSalt1;
  }

  public int walSalt2() {
    return walSalt2;
  }

  /** Written as 0 and ignored by every reader known. */
  public long nodeId() {
    return nodeId;
  }

  /** The 100 bytes as they stand in the file. */
  public byte[] encode() {
    ByteBuffer to = ByteBuffer.allocate(SIZE);
    to.put(MAGIC).putInt(flags).putInt(pageSize).putInt(commit);
    to.putLong(minTxid.value()).putLong(maxTxid.value());
    to.putLong(timestampMillis).putLong(preApplyChecksum);
    to.putLong(walOffset).putLong(walSize).putInt(walSalt1).putInt(walSalt2).putLong(nodeId);
    return to.array();
  }

  /**
   * Reads a header from the first 100 bytes of {@code bytes}.
   *
   * @throws LtxFormatException if there are fewer, or they break a rule of the format
   */
  public static LtxHeader decode(byte[] bytes) throws LtxFormatException {
    return decode(bytes, 0, bytes.length);
  }

  /**
   * Reads a header.
   *
   * @param length how many bytes there are from {@code offset} on
   * @throws LtxFormatException if there are fewer than 100, or they break a rule of the format
   */
  public static LtxHeader decode(byte[] bytes, int offset, int length) throws LtxFormatException {
    if (length < SIZE) {
      throw new LtxFormatException(
          "LTX header is truncated: " + length + " bytes instead of " + SIZE);
    }
    checkMagic(Arrays.copyOfRange(bytes, offset, offset + MAGIC.length));
    ByteBuffer from = ByteBuffer.wrap(bytes, offset + MAGIC.length, SIZE - MAGIC.length);
    Builder to = new Builder();
    to.flags = from.getInt();
    to.pageSize = from.getInt();
    to.commit = from.getInt();
    to.minTxid = txid("min", from.getLong());
    to.maxTxid = txid("max", from.getLong());
    to.timestampMillis = from.getLong();
    to.preApplyChecksum = from.getLong();
    to.walOffset = from.getLong();
    to.walSize = from.getLong();
    to.walSalt1 = from.getInt();
    to.walSalt2 = from.getInt();
    to.nodeId = from.getLong();
    String violation = to.violation();
    if (violation != null) {
      throw new LtxFormatException("LTX header is invalid: " + violation);
    }
    return new LtxHeader(to);
  }

  private static void checkMagic(byte[] magic) throws LtxFormatException {
    if (Arrays.equals(magic, MAGIC_ENCRYPTED)) {
      throw new LtxFormatException("LTX file is encrypted, which is not supported");
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw new LtxFormatException("not an LTX file: it does not begin with LTX1");
    }
  }

  private static Txid txid(String which, long value) throws LtxFormatException {
    if (value < 1) {
      throw new LtxFormatException(
          "LTX header is invalid: " + which + " TXID is " + Long.toHexString(value));
    }
    return Txid.of(value);
  }

  /** Collects the fields; {@link #build} checks the rules of the format. */
  public static final class Builder {

    private int flags = FLAG_NO_CHECKSUM;
    private int pageSize;
    private int commit;
    private Txid minTxid = Txid.FIRST;
    private Txid maxTxid = Txid.FIRST;
    private long timestampMillis;
    private long preApplyChecksum;
    private long walOffset;
    private long walSize;
    private int walSalt1;
    private int walSalt2;
    private long nodeId;

    private Builder() {}

    public Builder flags(int value) {
      flags = value;
      return this;
    }

    public Builder pageSize(int bytes) {
      pageSize = bytes;
      return this;
    }

    public Builder commit(int pages) {
      commit = pages;
      return this;
    }

    public Builder minTxid(Txid value) {
      minTxid = value;
      return this;
    }

    public Builder maxTxid(Txid value) {
      maxTxid = value;
      return this;
    }

    /** Sets both ends of the range: an L0 file. */
    public Builder txid(Txid value) {
      return minTxid(value).maxTxid(value);
    }

    public Builder timestampMillis(long value) {
      timestampMillis = value;
      return this;
    }

    public Builder preApplyChecksum(long value) {
      preApplyChecksum = value;
      return this;
    }

    public Builder walOffset(long bytes) {
      walOffset = bytes;
      return this;
    }

    public Builder walSize(long bytes) {
      walSize = bytes;
      return this;
    }

    public Builder walSalts(int salt1, int salt2) {
      walSalt1 = salt1;
      walSalt2 = salt2;
      return this;
    }

    public Builder nodeId(long value) {
      nodeId = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException if the fields break a rule of the format
     */
    public LtxHeader build() {
      String violation = violation();
      if (violation != null) {
        throw new IllegalArgumentException("LTX header: " + violation);
      }
      return new LtxHeader(this);
    }

    /** The first rule that is broken, or null. */
    private @Nullable String violation() {
      if ((flags & ~FLAG_NO_CHECKSUM) != 0) {
        return "unknown flags " + Integer.toHexString(flags);
      }
      if (!Pgno.isPageSize(pageSize)) {
        return "page size " + (pageSize & 0xffffffffL);
      }
      if (commit < 0) {
        return "commit of " + (commit & 0xffffffffL) + " pages is more than we support";
      }
      if (maxTxid.compareTo(minTxid) < 0) {
        return "max TXID " + maxTxid + " is below min TXID " + minTxid;
      }
      String wal = walViolation();
      return wal != null ? wal : checksumViolation();
    }

    private @Nullable String walViolation() {
      if (walOffset < 0 || walSize < 0) {
        return "negative WAL offset " + walOffset + " or size " + walSize;
      }
      if (walOffset == 0 && (walSalt1 != 0 || walSalt2 != 0)) {
        return "WAL salts without a WAL offset";
      }
      if (walOffset == 0 && walSize != 0) {
        return "WAL size " + walSize + " without a WAL offset";
      }
      return null;
    }

    private @Nullable String checksumViolation() {
      boolean isTracked = (flags & FLAG_NO_CHECKSUM) == 0;
      if (!isTracked || minTxid.equals(Txid.FIRST)) {
        return preApplyChecksum == 0
            ? null
            : "pre-apply checksum in a file that has none before it, or without checksums";
      }
      return (preApplyChecksum & Crc64.STORED_FLAG) != 0
          ? null
          : "pre-apply checksum " + Long.toHexString(preApplyChecksum) + " lacks its flag bit";
    }
  }
}
