package io.walsync.replica.s3;

import io.walsync.replica.NoteStore;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes as objects beside that of the owner. */
final class S3Notes implements NoteStore {

  static final String FOLDER = "walsync/";
  private static final int PRECONDITION_FAILED = 412;

  /** Connects when it is first needed. */
  interface PartsSource {
    S3ReplicaClient.Parts get() throws IOException;
  }

  private final PartsSource source;
  private final S3Settings settings;

  S3Notes(PartsSource source, S3Settings settings) {
    this.source = source;
    this.settings = settings;
  }

  @Override
  public List<String> names(String folder) throws IOException {
    S3ReplicaClient.Parts s3 = source.get();
    String prefix = s3.keys.besideLevels(FOLDER + folder);
    List<String> names = new ArrayList<>();
    String token = null;
    while (true) {
      S3Call call = new S3Call("list", "GET", null).query("list-type", "2").query("prefix", prefix);
      if (token != null) {
        call.query("continuation-token", token);
      }
      XmlElement page = s3.connection.document(call, "ListBucketResult");
      for (XmlElement entry : page.children()) {
        String key = entry.name().equals("Contents") ? entry.text("Key") : null;
        if (key != null && key.startsWith(prefix) && key.indexOf('/', prefix.length()) < 0) {
          names.add(key.substring(prefix.length()));
        }
      }
      if (!"true".equals(page.text("IsTruncated"))) {
        Collections.sort(names);
        return names;
      }
      String next = page.text("NextContinuationToken");
      if (next == null || next.isEmpty() || next.equals(token)) {
        throw new ReplicaException(
            "cannot list " + prefix + ": the store says there is more but gives no way on", true);
      }
      token = next;
    }
  }

  @Override
  public byte @Nullable [] read(String name) throws IOException {
    S3ReplicaClient.Parts s3 = source.get();
    S3Call call = new S3Call("read", "GET", s3.keys.besideLevels(FOLDER + name));
    settings.encryption().addToAccess(call.signedHeaders());
    try (HttpResponse response = s3.connection.send(call)) {
      String problem = ContentRange.problem(response, false, 0, Long.MAX_VALUE);
      byte[] content = s3.connection.read(call, response, MAX_BYTES);
      if (problem != null) {
        throw WriteProof.notOfStore(settings, call, response);
      }
      return content;
    } catch (S3ReplicaException e) {
      if (e.saysMissing()) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public boolean create(String name, byte[] content) throws IOException {
    S3ReplicaClient.Parts s3 = source.get();
    String key = s3.keys.besideLevels(FOLDER + name);
    if (s3.quirks.ignoresConditions) {
      return read(name) == null && put(s3, call(key, content), name, content);
    }
    S3Call call = call(key, content);
    S3Dialect.of(settings).addIfFree(call);
    try {
      return put(s3, call, name, content);
    } catch (S3ReplicaException e) {
      boolean isTaken =
          e.status() == PRECONDITION_FAILED || e.hasCode("FileAlreadyExists"); // of OSS and COS
      if (!isTaken && !S3Writes.isUnknown(e)) {
        throw e;
      }
      return !isTaken && read(name) == null && put(s3, call(key, content), name, content);
    }
  }

  private S3Call call(String key, byte[] content) {
    S3Call call =
        new S3Call("write", "PUT", key)
            .header("Content-Type", "application/json")
            .body(new BytesBody(content), null);
    settings.encryption().addToCreation(call.signedHeaders());
    return call;
  }

  private boolean put(S3ReplicaClient.Parts s3, S3Call call, String name, byte[] content)
      throws IOException {
    try (HttpResponse response = s3.connection.send(call)) {
      byte[] body = s3.connection.read(call, response, S3Writes.LONGEST_EMPTY_ANSWER_BYTES);
      if (WriteProof.isIn(response, body) || Arrays.equals(read(name), content)) {
        return true;
      }
      throw WriteProof.notOfStore(settings, call, response);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    S3ReplicaClient.Parts s3 = source.get();
    s3.deletion.delete(Collections.singletonList(s3.keys.besideLevels(FOLDER + name)));
  }
}
