package io.walsync.replica;

import io.walsync.ltx.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store of one database's replica: LTX files by level and TXID range, laid out as Litestream
 * lays them out.
 *
 * <p>Every method may block on the network or a disk, may be called from several threads, and
 * throws a {@link ReplicaException} (an {@link IOException}) whose message names the verb, the
 * object or path and what it means. Implementations retry nothing that would hide a state change:
 * callers own backoff.
 */
public interface ReplicaClient extends Closeable {

  /** The store does not tell the time. */
  long NO_TIME = Long.MIN_VALUE;

  /**
   * What users call this replica in logs: {@code s3://bucket/path} or {@code file:///path}; never a
   * secret.
   */
  String url();

  /**
   * Proves that the replica can be written: for a directory creates it, for S3 checks that the
   * bucket answers. Idempotent.
   */
  void init() throws IOException;

  /** Shows that the store answers, without beginning a replica there. Idempotent. */
  default void connect() throws IOException {
    init();
  }

  /**
   * Where the replica lies, as far as that can change unnoticed: for a directory, where its file
   * system is mounted.
   *
   * @param known what was returned when the replica was last written, by this process or another;
   *     empty if nobody knows
   * @return empty if that is not to be known
   * @throws ReplicaException one that {@link ReplicaException#isNotFound} if there is nothing, and
   *     it is certain that the replica is, or is to be, somewhere else
   */
  default String locate(String known) throws IOException {
    return "";
  }

  /**
   * Makes what the first file needs: the folder and the mark of a directory. Called after each time
   * that the replica was looked at, before the next {@link #write}.
   */
  default void begin() throws IOException {}

  /**
   * Why there may be a backup although no level lists a file, in words for people; null if nothing
   * was ever replicated there.
   */
  default @Nullable String explainEmpty() throws IOException {
    return null;
  }

  /**
   * The files of one level in ascending order of (min, max), from {@code seek} on.
   *
   * @param seek the smallest min TXID wanted; {@link Txid#FIRST} for all
   * @param exactTimes whether {@code createdMillis} must be the LTX header's time even if it costs
   *     a request an object
   * @return an empty list if there are none; names that are not LTX names are skipped
   */
  List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException;

  /**
   * Opens a byte range of one file. The stream ends exactly where the range does, or where the file
   * does; one that breaks off earlier throws. Another thread may close it to end a read that waits.
   *
   * @param offset first byte wanted, at least 0; the stream is empty if the file is not longer
   * @param length how many bytes at most; {@link Long#MAX_VALUE} for the rest of the file
   * @throws LtxFileMissingException if there is no such file
   */
  InputStream open(LtxFileInfo file, long offset, long length) throws IOException;

  /**
   * Whether a file is known to be gone, as far as that can be told without a request that somebody
   * has to pay for: false where it cannot.
   */
  default boolean isKnownGone(LtxFileInfo file) {
    return false;
  }

  /**
   * The SHA-256 recorded beside the file when it was written, as lower-case hex, or null if the
   * writer recorded none (files of Litestream).
   *
   * @throws LtxFileMissingException if there is no such file
   */
  @Nullable String recordedSha256(LtxFileInfo file) throws IOException;

  /**
   * The checksum of the database after a file, as LTX defines it, recorded beside the file when it
   * was written; 0 if none was.
   *
   * @throws LtxFileMissingException if there is no such file
   */
  long recordedDatabaseChecksum(LtxFileInfo file) throws IOException;

  /**
   * The epoch of the owner in which the newest TXID of a file was committed, recorded beside the
   * file when it was written; 0 if none was.
   *
   * @throws LtxFileMissingException if there is no such file
   */
  long recordedEpoch(LtxFileInfo file) throws IOException;

  /**
   * Writes one file if and only if the name is free. An identical file under that name is success:
   * the caller may try again after any failure, one after which nobody knows whether the file was
   * written included. A file appears whole or not at all.
   *
   * @param content read more than once: to be checked against {@code sha256Hex}, to be sent
   * @param sha256Hex of the whole content, lower-case hex; content that does not have it is refused
   * @throws LtxFileConflictException if a different file stands under that name: somebody else
   *     writes this replica
   */
  void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException;

  /**
   * Writes one file while its content is made, if and only if the name is free. It appears when the
   * content has ended and is proved, whole or not at all. A file under that name with the same
   * checksum of the database beside it is success, and stays; the content is not asked for then.
   *
   * @param name level, TXIDs and time; the size is not looked at
   * @return the file that is there now
   * @throws LtxFileConflictException as {@link #write}
   */
  default LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    throw new UnsupportedOperationException("writeStream");
  }

  /** Who owns the replica; {@link OwnerObject#NONE} if nobody has said so. */
  OwnerObject owner() throws IOException;

  /**
   * Says who owns the replica from now on, if nobody has since {@code before} was read. After a
   * failure nobody knows: then {@link #owner} tells.
   *
   * @return false if the object is another one by now, or is gone
   */
  boolean replaceOwner(OwnerObject before, Owner owner) throws IOException;

  /**
   * The time by the store's clock as it stood in its newest answer; {@link #NO_TIME} if it tells
   * none.
   */
  default long storeMillis() {
    return NO_TIME;
  }

  /** Whether {@link #owner} costs next to nothing, so that it may be asked after every write. */
  default boolean isOwnerNear() {
    return false;
  }

  /** What is noted of the replica beside its files. */
  default NoteStore notes() {
    throw new UnsupportedOperationException("notes");
  }

  /** Deletes files; missing ones are no error. */
  void delete(List<LtxFileInfo> files) throws IOException;

  /** Releases connections. The client cannot be used afterwards. */
  @Override
  void close();
}
