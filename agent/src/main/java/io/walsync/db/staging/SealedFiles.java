package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that have a TXID and wait for the store, oldest first. Never changed once they have
 * their name.
 *
 * <p>From {@link #check} on the list of waiting files is in memory, so that a file which somebody
 * deletes is noticed.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class SealedFiles {

  static final int[] LEVELS = {LtxFileInfo.LEVEL_SNAPSHOT, LtxFileInfo.LEVEL_L0};

  private static final int TXID_DIGITS = 16;

  private final Disk disk;
  private final File folder;
  private final Deque<LtxFileInfo> waiting = new ArrayDeque<>();
  private final Map<LtxFileInfo, Long> crcs = new HashMap<>();

  SealedFiles(Disk disk, File folder) {
    this.disk = disk;
    this.folder = folder;
  }

  static File folderOf(File ltxFolder, int level) {
    return new File(ltxFolder, Integer.toString(level));
  }

  /** Path of a file, whether or not it exists yet. */
  public File fileOf(int level, Txid min, Txid max) {
    return new File(folderOf(folder, level), min + "-" + max + Segments.SUFFIX);
  }

  /** Path of a file. */
  public File fileOf(LtxFileInfo info) {
    return fileOf(info.level(), info.minTxid(), info.maxTxid());
  }

  /** All files in the folder, in the order in which they must reach the store. */
  public List<LtxFileInfo> list() throws IOException {
    List<LtxFileInfo> found = new ArrayList<>();
    for (int level : LEVELS) {
      for (File file : FolderTree.filesOf(folderOf(folder, level))) {
        String name = file.getName();
        if (name.endsWith(Segments.SUFFIX)) {
          Txid min = Txid.parse(name.substring(0, TXID_DIGITS));
          Txid max = Txid.parse(name.substring(TXID_DIGITS + 1, 2 * TXID_DIGITS + 1));
          found.add(new LtxFileInfo(level, min, max, file.length(), timestampOf(file)));
        }
      }
    }
    found.sort((a, b) -> a.maxTxid().compareTo(b.maxTxid()));
    return found;
  }

  private long timestampOf(File ltxFile) throws IOException {
    byte[] header = new byte[LtxHeader.SIZE];
    try (DataInputStream in = new DataInputStream(disk.read(ltxFile))) {
      in.readFully(header);
      return LtxHeader.decode(header).timestampMillis();
    } catch (IOException e) {
      throw StagingDamagedException.unreadable(ltxFile, e);
    }
  }

  /**
   * Adds a sealed file, which waits behind all others.
   *
   * @param crc CRC-32 that its bytes must still have when they are uploaded
   */
  void add(LtxFileInfo info, long crc) {
    crcs.put(info, crc);
    waiting.add(info);
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The file that is the next to reach the store; null if none waits. */
  public LtxFileInfo next() {
    return waiting.peek();
  }

  /** Whether a file waits that was sealed up to this TXID. */
  public boolean isAnyUpTo(long txid) {
    return !isEmpty() && next().maxTxid().value() <= txid;
  }

  /** Whether a snapshot waits, before which nothing in the replica is needed. */
  public boolean hasSnapshot() {
    for (LtxFileInfo info : waiting) {
      if (info.level() == LtxFileInfo.LEVEL_SNAPSHOT) {
        return true;
      }
    }
    return false;
  }

  /**
   * Since when the oldest commit in a file waits; {@code Long.MAX_VALUE} if none does. A file has
   * the time of its newest commit inside, and that of the oldest segment it was merged from as its
   * own.
   */
  public long oldestMillis() {
    long oldest = Long.MAX_VALUE;
    for (LtxFileInfo info : waiting) {
      long fileMillis = fileOf(info).lastModified();
      oldest = Math.min(oldest, info.createdMillis());
      oldest = fileMillis == 0 ? oldest : Math.min(oldest, fileMillis);
    }
    return oldest;
  }

  /** The CRC-32 of a file as this process wrote it; null if an earlier one did. */
  public @Nullable Long crcOf(LtxFileInfo info) {
    return crcs.get(info);
  }

  /** Empties the list: what waits is not known any more, or deleted. */
  void forget() {
    waiting.clear();
    crcs.clear();
  }

  void delete(LtxFileInfo info) throws IOException {
    waiting.remove(info);
    crcs.remove(info);
    disk.delete(fileOf(info));
  }

  /**
   * Lists the files that an earlier process has left. Checks that none is missing that the store
   * does not have, and deletes those that it has.
   *
   * @throws StagingDamagedException if one is missing
   */
  void check(Position position) throws IOException {
    forget();
    waiting.addAll(list());
    long covered = position.uploadedTxid();
    for (LtxFileInfo info : new ArrayList<>(waiting)) {
      long max = info.maxTxid().value();
      if (max <= position.uploadedTxid()) {
        delete(info);
      } else if (info.minTxid().value() <= covered + 1) {
        covered = max;
      }
    }
    if (covered < position.sealedTxid()) {
      throw new StagingDamagedException(
          "the file of TXID " + Txid.of(covered + 1) + " is missing in " + folder);
    }
  }
}
