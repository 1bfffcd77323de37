package io.walsync.staging;

import io.walsync.capture.WalPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.zip.CRC32;

/**
 * How far one database has been captured, sealed and uploaded: the content of the {@code position}
 * file. Mutable; owned by the database's thread.
 */
public final class SavedPosition {

  private static final String VERSION = "2";

  /** The last line: CRC-32 of all bytes before it, in hex. */
  private static final String CHECK = "check=";

  /** URL of the replica the numbers belong to. */
  public String replicaUrl = "";

  /** Newest TXID given to a sealed file; 0 before the first snapshot. */
  public long sealedTxid;

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

  byte[] encode() throws IOException {
    Properties lines = new Properties();
    lines.setProperty("version", VERSION);
    lines.setProperty("replica", replicaUrl);
    lines.setProperty("txid.sealed", Long.toString(sealedTxid));
    lines.setProperty("txid.uploaded", Long.toString(uploadedTxid));
    lines.setProperty("segment", Long.toString(segmentSeq));
    lines.setProperty("segment.sealed", Long.toString(sealedSegmentSeq));
    lines.setProperty("table", Long.toString(tableDigest));
    lines.setProperty("page-size", Integer.toString(pageSize));
    lines.setProperty("commit", Integer.toString(commit));
    lines.setProperty("timestamp", Long.toString(timestampMillis));
    lines.setProperty("database", closedDatabase);
    lines.setProperty("boot", bootId);
    lines.setProperty("durable", Boolean.toString(isDurable));
    lines.setProperty("provisional", Boolean.toString(isProvisional));
    if (wal != null) {
      lines.setProperty("wal.database", walDatabase);
      lines.setProperty("wal.salt1", Integer.toString(wal.salt1()));
      lines.setProperty("wal.salt2", Integer.toString(wal.salt2()));
      lines.setProperty("wal.offset", Long.toString(wal.offset()));
      lines.setProperty("wal.checksum", Long.toString(wal.checksum()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    lines.store(out, null);
    String check = CHECK + checkOf(out.toByteArray(), out.size()) + "\n";
    out.write(check.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
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
      saved.replicaUrl = lines.getProperty("replica", "");
      saved.sealedTxid = number(lines, "txid.sealed");
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
