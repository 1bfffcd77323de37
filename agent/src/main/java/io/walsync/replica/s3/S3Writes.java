package io.walsync.replica.s3;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.Sha256;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.util.Base64;

/**
 * Writes objects under names that are free, in one piece or in parts.
 *
 * <p>Whenever the store says that the name is taken, the object there is compared with ours: an
 * earlier try of ours may have arrived although its answer did not. What the store says to have
 * written counts when that is proved ({@link WriteProof}).
 */
final class S3Writes {

  static final int LONGEST_EMPTY_ANSWER_BYTES = 64 * 1024;

  private final S3Connection connection;
  private final S3Settings settings;
  private final S3Keys keys;
  private final UnfinishedUploads unfinished;
  private final WriteProof proof;
  private final S3Quirks quirks;

  S3Writes(
      S3Connection connection,
      S3Settings settings,
      S3Keys keys,
      S3Objects objects,
      UnfinishedUploads unfinished,
      S3Quirks quirks) {
    this.connection = connection;
    this.settings = settings;
    this.keys = keys;
    this.unfinished = unfinished;
    this.proof = new WriteProof(objects);
    this.quirks = quirks;
  }

  void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    boolean isLarge = content.sizeBytes() > settings.partSizeBytes();
    boolean looksFirst = isLarge || quirks.ignoresConditions;
    if (looksFirst && proof.isThere(file, content, sha256Hex)) {
      return;
    }
    try {
      if (isLarge) {
        new MultipartWrite(connection, settings, unfinished, keys.key(file), content, sha256Hex)
            .run(file.createdMillis(), !quirks.ignoresConditions);
        proof.demand(file, content, sha256Hex);
      } else if (!put(file, content, sha256Hex)) {
        proof.demand(file, content, sha256Hex);
      }
    } catch (S3ReplicaException e) {
      // NoSuchUpload: completed by a request whose answer was lost
      boolean mayBeThere = isTaken(e) || e.hasCode("NoSuchUpload");
      if (!mayBeThere || !proof.isThere(file, content, sha256Hex)) {
        throw e;
      }
    }
  }

  /** See {@link io.walsync.replica.ReplicaClient#writeStream}. */
  LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    return new StreamedWrite(this, proof, connection, settings, unfinished, quirks, name, content)
        .run(keys.key(name));
  }

  /** 409: somebody else is writing that name at this moment. */
  static boolean isTaken(S3ReplicaException e) {
    return e.status() == 412 || e.status() == 409;
  }

  /** Whether the store does not know what it was asked for. */
  static boolean isUnknown(S3ReplicaException e) {
    return e.status() == 501 || e.hasCode("NotImplemented");
  }

  /** Whether the answer proves that the object was stored. */
  private boolean put(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    boolean sendsChecksum = !quirks.refusesChecksums;
    try {
      return put(call(file, content, sha256Hex, sendsChecksum));
    } catch (S3ReplicaException e) {
      boolean isAboutChecksum =
          sendsChecksum
              && (e.status() == 400 || e.status() == 501)
              && String.valueOf(e.getMessage()).contains("x-amz-checksum");
      if (!isAboutChecksum) {
        throw e;
      }
      boolean isProved = put(call(file, content, sha256Hex, false));
      quirks.refusesChecksums = true;
      return isProved;
    }
  }

  private S3Call call(
      LtxFileInfo file, LtxSource content, String sha256Hex, boolean sendsChecksum) {
    S3Call call =
        new S3Call("write", "PUT", keys.key(file))
            .body(new SourceBody(content, 0, content.sizeBytes()), sha256Hex);
    if (!quirks.ignoresConditions) {
      S3Dialect.of(settings).addIfFree(call);
    }
    if (sendsChecksum) {
      String base64 = Base64.getEncoder().encodeToString(Sha256.fromHex(sha256Hex));
      call.header("x-amz-checksum-sha256", base64);
    }
    ObjectHead.addTo(call, settings, file.createdMillis(), sha256Hex, content);
    return call;
  }

  private boolean put(S3Call call) throws IOException {
    try (HttpResponse response = connection.send(call)) {
      byte[] body = connection.read(call, response, LONGEST_EMPTY_ANSWER_BYTES);
      return WriteProof.isIn(response, body);
    }
  }

  /** See {@link S3ReplicaClient#probeConditions}. */
  S3Fencing probeConditions() throws IOException {
    ConditionProbe probe = new ConditionProbe(connection, settings, keys);
    S3Fencing found = probe.ask();
    quirks.ignoresConditions = found == S3Fencing.NONE;
    quirks.ignoresTags = probe.hasNoTags();
    return found;
  }
}
