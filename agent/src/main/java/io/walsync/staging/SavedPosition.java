package io.walsync.staging;

import io.walsync.capture.WalPosition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.zip.CRC32;

/**
 * How far one database has been captured, sealed and uploaded: the content of the {@code position}
 * file. Mutable; owned by the database's thread.
 */
public final class SavedPosition {

  private static final String VERSION = "3";

  /** The last line: CRC-32 of all bytes before it, in hex. */
  private static final String CHECK = "check=";

  /** How often it has been saved: of two, the one with more is the newer. */
  long saveCount;

  /** URL of the replica the numbers belong to. */
  public String replicaUrl = "";

  /** Where the replica was when it was last written, if that can be told of it; else empty. */
  public String replicaPlace = "";

  /** Newest TXID given to a sealed file; 0 before the first snapshot. */
  public long sealedTxid;

  /** Checksum of the database at {@link #sealedTxid}, as LTX defines it; 0 if it is not known. */
  public long sealedChecksum;

  /** Newest TXID the store has acknowledged; 0 before the first. */
  public long uploadedTxid;

  /** Sequence number of the newest segment whose pages are in the checksum table. */
  public long segmentSeq;

  /** Segments up to this number are in sealed files, or were given up. */
  public long sealedSegmentSeq;

  /** {@link PageChecksums#digest()} when this was saved. */
  public long tableDigest;

  /** Bytes, or 0 before the first capture. */
  public int pageSize;

  /** Database size in pages at the captured commit. */
  public int commit;

  /** Time of the newest LTX file, milliseconds since the epoch: times must not run backwards. */
  public long timestampMillis;

  /** Where the captured commit ends in the WAL, or null when everything is in the database file. */
  public WalPosition wal;

  /** Which file the WAL belongs to, as far as the file system says; empty without a WAL. */
  public String walDatabase = "";

  /**
   * Identity of the database file at a moment when it held every captured commit and no WAL
   * existed, or empty.
   */
  public String closedDatabase = "";

  /**
   * Identifies this start of the machine: what was not fsynced survives a kill, not a power cut.
   */
  public String bootId = "";

  /**
   * Whether this was read back from the replica and the database has not been compared with it yet.
   */
  public boolean isProvisional;

  /** Whether everything in the folder was fsynced when this was written. */
  public boolean isDurable;

  /** As {@link Properties#store} would, without the buffers of 25 KB that it makes each time. */
  byte[] encode() {
    StringBuilder lines = new StringBuilder(1024);
    line(lines, "version", VERSION);
    line(lines, "save", saveCount);
    line(lines, "replica", replicaUrl);
    line(lines, "replica.place", replicaPlace);
    line(lines, "txid.sealed", sealedTxid);
    line(lines, "txid.checksum", sealedChecksum);
    line(lines, "txid.uploaded", uploadedTxid);
    line(lines, "segment", segmentSeq);
    line(lines, "segment.sealed", sealedSegmentSeq);
    line(lines, "table", tableDigest);
    line(lines, "page-size", pageSize);
    line(lines, "commit", commit);
    line(lines, "timestamp", timestampMillis);
    line(lines, "database", closedDatabase);
    line(lines, "boot", bootId);
    line(lines, "durable", Boolean.toString(isDurable));
    line(lines, "provisional", Boolean.toString(isProvisional));
    if (wal != null) {
      line(lines, "wal.database", walDatabase);
      line(lines, "wal.salt1", wal.salt1());
      line(lines, "wal.salt2", wal.salt2());
      line(lines, "wal.offset", wal.offset());
      line(lines, "wal.checksum", wal.checksum());
    }
    byte[] content = ascii(lines.toString());
    byte[] check = ascii(CHECK + checkOf(content, content.length) + "\n");
    byte[] whole = Arrays.copyOf(content, content.length + check.length);
    System.arraycopy(check, 0, whole, content.length, check.length);
    return whole;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void line(StringBuilder lines, String key, long value) {
    lines.append(key).append('=').append(value).append('\n');
  }

  private static void line(StringBuilder lines, String key, String value) {
    lines.append(key).append('=');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean isPlain = c > ' ' && c <= '~' && c != '\\' || c == ' ' && i > 0;
      if (isPlain) {
        lines.append(c);
      } else {
        lines.append(String.format("\\u%04x", (int) c));
      }
    }
    lines.append('\n');
  }

  private static String checkOf(byte[] content, int length) {
    CRC32 crc = new CRC32();
    crc.update(content, 0, length);
    return Long.toHexString(crc.getValue());
  }

  /** A flipped digit would be as good a number as the right one. */
  private static void verify(byte[] content) throws IOException {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    int at = text.lastIndexOf(CHECK);
    if (at < 0 || !text.substring(at).equals(CHECK + checkOf(content, at) + "\n")) {
      throw new IOException("the position file does not have its own checksum");
    }
  }

  /**
   * @throws IOException if the text is not a position of this version
   */
  static SavedPosition decode(byte[] content) throws IOException {
    verify(content);
    Properties lines = new Properties();
    try {
      lines.load(new ByteArrayInputStream(content));
      if (!VERSION.equals(lines.getProperty("version"))) {
        throw new IOException("position file of version " + lines.getProperty("version"));
      }
      SavedPosition saved = new SavedPosition();
      saved.saveCount = number(lines, "save");
      saved.replicaUrl = lines.getProperty("replica", "");
      saved.replicaPlace = lines.getProperty("replica.place", "");
      saved.sealedTxid = number(lines, "txid.sealed");
      saved.sealedChecksum = Long.parseLong(lines.getProperty("txid.checksum", "0"));
      saved.uploadedTxid = number(lines, "txid.uploaded");
      saved.segmentSeq = number(lines, "segment");
      saved.sealedSegmentSeq = number(lines, "segment.sealed");
      saved.tableDigest = number(lines, "table");
      saved.pageSize = (int) number(lines, "page-size");
      saved.commit = (int) number(lines, "commit");
      saved.timestampMillis = number(lines, "timestamp");
      saved.closedDatabase = lines.getProperty("database", "");
      saved.bootId = lines.getProperty("boot", "");
      saved.isDurable = Boolean.parseBoolean(lines.getProperty("durable"));
      saved.isProvisional = Boolean.parseBoolean(lines.getProperty("provisional"));
      saved.walDatabase = lines.getProperty("wal.database", "");
      saved.wal = lines.getProperty("wal.offset") == null ? null : walPosition(lines);
      return saved;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "damaged position file: " + new String(content, StandardCharsets.UTF_8).trim(), e);
    }
  }

  private static WalPosition walPosition(Properties lines) {
    return new WalPosition(
        (int) number(lines, "wal.salt1"),
        (int) number(lines, "wal.salt2"),
        number(lines, "wal.offset"),
        number(lines, "wal.checksum"));
  }

  private static long number(Properties lines, String key) {
    String text = lines.getProperty(key);
    if (text == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return Long.parseLong(text);
  }
}
