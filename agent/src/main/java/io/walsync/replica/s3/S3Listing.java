package io.walsync.replica.s3;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists one level, page by page. */
final class S3Listing {

  private static final Comparator<LtxFileInfo> BY_TXID =
      Comparator.comparing(LtxFileInfo::minTxid).thenComparing(LtxFileInfo::maxTxid);

  private final S3Connection connection;
  private final int level;
  private final String prefix;
  private final Txid seek;
  private final List<LtxFileInfo> files = new ArrayList<>();
  private String lastKey = "";

  S3Listing(S3Connection connection, S3Keys keys, int level, Txid seek) {
    this.connection = connection;
    this.level = level;
    this.prefix = keys.prefix(level);
    this.seek = seek;
  }

  /** In order of (min, max); times are those of the upload. */
  List<LtxFileInfo> read() throws IOException {
    String token = null;
    // Stores that include the key to start after, or ignore it, do no harm: seek is checked below.
    String startAfter = seek.equals(Txid.FIRST) ? null : prefix + seek;
    boolean isTruncated = true;
    while (isTruncated) {
      String lastKeyBefore = lastKey;
      XmlElement page = connection.document(call(token, startAfter), "ListBucketResult");
      addFiles(page);
      isTruncated = "true".equals(page.text("IsTruncated"));
      String nextToken = page.text("NextContinuationToken");
      nextToken = nextToken == null || nextToken.isEmpty() ? null : nextToken;
      boolean isStuck = nextToken == null ? lastKey.equals(lastKeyBefore) : nextToken.equals(token);
      if (isTruncated && isStuck) {
        throw new ReplicaException(
            "cannot list " + prefix + ": the store says there is more but gives no way on", true);
      }
      token = nextToken;
      startAfter = nextToken == null ? lastKey : null;
    }
    files.sort(BY_TXID);
    return withoutRepeated(files);
  }

  /** A page may repeat the end of the one before. */
  private static List<LtxFileInfo> withoutRepeated(List<LtxFileInfo> sorted) {
    List<LtxFileInfo> files = new ArrayList<>(sorted.size());
    LtxFileInfo last = null;
    for (LtxFileInfo file : sorted) {
      if (last == null || BY_TXID.compare(last, file) != 0) {
        files.add(file);
      }
      last = file;
    }
    return files;
  }

  private S3Call call(@Nullable String token, @Nullable String startAfter) {
    S3Call call = new S3Call("list", "GET", null).query("list-type", "2").query("prefix", prefix);
    if (token != null) {
      call.query("continuation-token", token);
    } else if (startAfter != null) {
      call.query("start-after", startAfter);
    }
    return call;
  }

  private void addFiles(XmlElement page) throws IOException {
    for (XmlElement entry : page.children()) {
      if (!entry.name().equals("Contents")) {
        continue;
      }
      String key = entry.text("Key");
      if (key == null || !key.startsWith(prefix)) {
        continue;
      }
      lastKey = key.compareTo(lastKey) > 0 ? key : lastKey;
      LtxFileInfo file = file(key, entry);
      if (file != null && file.minTxid().compareTo(seek) >= 0) {
        files.add(file);
      }
    }
  }

  /** Null if it is no LTX file. */
  private @Nullable LtxFileInfo file(String key, XmlElement entry) throws IOException {
    String name = key.substring(prefix.length());
    if (LtxFileInfo.parse(level, name, 0, 0) == null) {
      return null;
    }
    try {
      long sizeBytes = Long.parseLong(String.valueOf(entry.text("Size")));
      long modifiedMillis = Rfc3339.parse(String.valueOf(entry.text("LastModified")));
      return LtxFileInfo.parse(level, name, sizeBytes, modifiedMillis);
    } catch (NumberFormatException | DateTimeException e) {
      throw new ReplicaException(
          "cannot list " + prefix + ": the store gives no size or time for " + key, e, false);
    }
  }
}
