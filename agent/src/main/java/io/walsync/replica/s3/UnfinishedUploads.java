package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Drops what processes that were killed have left of uploads in parts. No listing of objects shows
 * such parts, and they cost as much as objects until somebody aborts the upload.
 *
 * <p>Ours are the uploads whose key is exactly that of an LTX file of this replica, whoever began
 * them: a replica has one writer. What this process has under way is left alone. Another process
 * that still writes the same replica finds its upload gone, and begins it again or is fenced.
 *
 * <p>Threading: any number of threads.
 */
final class UnfinishedUploads {

  private final S3Connection connection;
  private final S3Keys keys;

  /** Ids of uploads that this process has under way. */
  private final Set<String> active = ConcurrentHashMap.newKeySet();

  UnfinishedUploads(S3Connection connection, S3Keys keys) {
    this.connection = connection;
    this.keys = keys;
  }

  void began(String uploadId) {
    active.add(uploadId);
  }

  /** Completed, or aborted as far as that was possible. */
  void ended(String uploadId) {
    active.remove(uploadId);
  }

  /**
   * Of the whole replica.
   *
   * @return key and time of the beginning of each that was dropped
   */
  List<String> dropAll() throws IOException {
    return drop(keys.root());
  }

  /**
   * Of one object that is about to be uploaded. Some stores (MinIO) list uploads by whole keys
   * only.
   */
  void dropOf(String key) {
    try {
      drop(key);
    } catch (IOException e) {
      return; // the upload matters more; dropAll says what is wrong
    }
  }

  private List<String> drop(String prefix) throws IOException {
    List<String> dropped = new ArrayList<>();
    String keyMarker = null;
    String idMarker = null;
    boolean isTruncated = true;
    while (isTruncated) {
      XmlElement page = page(prefix, keyMarker, idMarker);
      for (XmlElement entry : page.children()) {
        if (entry.name().equals("Upload") && abort(entry)) {
          dropped.add(entry.text("Key") + " of " + entry.text("Initiated"));
        }
      }
      String nextKey = page.text("NextKeyMarker");
      String nextId = page.text("NextUploadIdMarker");
      isTruncated = "true".equals(page.text("IsTruncated"));
      boolean isStuck =
          nextKey == null || nextKey.equals(keyMarker) && Objects.equals(nextId, idMarker);
      if (isTruncated && isStuck) {
        throw new ReplicaException(
            "cannot list the uploads of " + prefix + ": there is more and no way on", true);
      }
      keyMarker = nextKey;
      idMarker = nextId;
    }
    return dropped;
  }

  private XmlElement page(String prefix, @Nullable String keyMarker, @Nullable String idMarker)
      throws IOException {
    S3Call call =
        new S3Call("list the unfinished uploads of", "GET", null)
            .query("uploads", "")
            .query("prefix", prefix);
    if (keyMarker != null) {
      call.query("key-marker", keyMarker);
    }
    if (keyMarker != null && idMarker != null && !idMarker.isEmpty()) {
      call.query("upload-id-marker", idMarker);
    }
    return connection.document(call, "ListMultipartUploadsResult");
  }

  private boolean abort(XmlElement upload) throws IOException {
    String key = upload.text("Key");
    String id = upload.text("UploadId");
    if (key == null || id == null || !keys.isLtxFile(key) || active.contains(id)) {
      return false; // not ours, or under way
    }
    try {
      abort(connection, key, id);
      return true;
    } catch (S3ReplicaException e) {
      if (e.saysMissing()) {
        return false; // ended meanwhile
      }
      throw e;
    }
  }

  static void abort(S3Connection connection, String key, String uploadId) throws IOException {
    S3Call call = new S3Call("drop the parts of", "DELETE", key).query("uploadId", uploadId);
    try (HttpResponse response = connection.send(call)) {
      connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
    }
  }
}
