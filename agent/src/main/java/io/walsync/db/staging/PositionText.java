package io.walsync.db.staging;

import io.walsync.wal.WalPosition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.zip.CRC32;

/**
 * A position as text: lines of properties, and a last one with the CRC-32 of all bytes before it,
 * in hex.
 */
final class PositionText {

  private static final String VERSION = "3";

  private static final String CHECK = "check=";

  private PositionText() {}

  /** As {@link Properties#store} would, without the buffers of 25 KB that it makes each time. */
  static byte[] encode(Position position) {
    StringBuilder lines = new StringBuilder(1024);
    line(lines, "version", VERSION);
    line(lines, "save", position.saveCount());
    line(lines, "replica", position.replicaUrl());
    line(lines, "replica.place", position.replicaPlace());
    line(lines, "txid.sealed", position.sealedTxid());
    line(lines, "txid.checksum", position.sealedChecksum());
    line(lines, "txid.uploaded", position.uploadedTxid());
    line(lines, "segment", position.segmentSeq());
    line(lines, "segment.sealed", position.sealedSegmentSeq());
    line(lines, "table", position.tableDigest());
    line(lines, "page-size", position.pageSize());
    line(lines, "commit", position.commit());
    line(lines, "timestamp", position.timestampMillis());
    line(lines, "database", position.closedDatabase());
    line(lines, "boot", position.bootId());
    if (!position.folder().isEmpty()) {
      line(lines, "folder", position.folder());
    }
    line(lines, "durable", Boolean.toString(position.isDurable()));
    line(lines, "provisional", Boolean.toString(position.isProvisional()));
    WalPosition wal = position.wal();
    if (wal != null) {
      line(lines, "wal.database", position.walDatabase());
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
  static Position decode(byte[] content) throws IOException {
    verify(content);
    Properties lines = new Properties();
    try {
      lines.load(new ByteArrayInputStream(content));
      if (!VERSION.equals(lines.getProperty("version"))) {
        throw new IOException("position file of version " + lines.getProperty("version"));
      }
      return position(lines);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "damaged position file: " + new String(content, StandardCharsets.UTF_8).trim(), e);
    }
  }

  private static Position position(Properties lines) {
    Position.Fields fields = new Position.Fields();
    fields.saveCount = number(lines, "save");
    fields.replicaUrl = lines.getProperty("replica", "");
    fields.replicaPlace = lines.getProperty("replica.place", "");
    fields.sealedTxid = number(lines, "txid.sealed");
    fields.sealedChecksum = Long.parseLong(lines.getProperty("txid.checksum", "0"));
    fields.uploadedTxid = number(lines, "txid.uploaded");
    fields.segmentSeq = number(lines, "segment");
    fields.sealedSegmentSeq = number(lines, "segment.sealed");
    fields.tableDigest = number(lines, "table");
    fields.pageSize = (int) number(lines, "page-size");
    fields.commit = (int) number(lines, "commit");
    fields.timestampMillis = number(lines, "timestamp");
    fields.closedDatabase = lines.getProperty("database", "");
    fields.bootId = lines.getProperty("boot", "");
    fields.folder = lines.getProperty("folder", "");
    fields.isDurable = Boolean.parseBoolean(lines.getProperty("durable"));
    fields.isProvisional = Boolean.parseBoolean(lines.getProperty("provisional"));
    fields.walDatabase = lines.getProperty("wal.database", "");
    fields.wal = lines.getProperty("wal.offset") == null ? null : walPosition(lines);
    return new Position(fields);
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
