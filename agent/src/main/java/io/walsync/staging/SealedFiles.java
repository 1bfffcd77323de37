package io.walsync.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that have a TXID and wait for the store. Never changed once they have their name. */
public final class SealedFiles {

  static final int[] LEVELS = {LtxFileInfo.LEVEL_SNAPSHOT, LtxFileInfo.LEVEL_L0};

  private static final int TXID_DIGITS = 16;

  private final Disk disk;
  private final File folder;
  private final Map<LtxFileInfo, Long> crcs = new HashMap<>();

  SealedFiles(Disk disk, File folder) {
    this.disk = disk;
    this.folder = folder;
  }

  static File folderOf(File ltxFolder, int level) {
    return new File(ltxFolder, Integer.toString(level));
  }

  /** Where a file is or will be. */
  public File fileOf(int level, Txid min, Txid max) {
    return new File(folderOf(folder, level), min + "-" + max + Segments.SUFFIX);
  }

  /** Where a file is. */
  public File fileOf(LtxFileInfo info) {
    return fileOf(info.level(), info.minTxid(), info.maxTxid());
  }

  /** All, in the order they must reach the store. */
  public List<LtxFileInfo> list() throws IOException {
    List<LtxFileInfo> found = new ArrayList<>();
    for (int level : LEVELS) {
      for (File file : Staging.filesOf(folderOf(folder, level))) {
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
      throw Staging.unreadable(ltxFile, e);
    }
  }

  /** Notes what a file's bytes must be when they are uploaded: their CRC-32. */
  public void expect(LtxFileInfo info, long crc) {
    crcs.put(info, crc);
  }

  /** The CRC-32 of a file as this process wrote it; null if an earlier one did. */
  public Long crcOf(LtxFileInfo info) {
    return crcs.get(info);
  }

  void forget() {
    crcs.clear();
  }

  void delete(LtxFileInfo info) throws IOException {
    crcs.remove(info);
    disk.delete(fileOf(info));
  }

  /**
   * Proves that no file is missing that the store does not have, and deletes those it has.
   *
   * @throws StagingDamagedException if one is
   */
  public void check(SavedPosition position) throws IOException {
    long covered = position.uploadedTxid;
    for (LtxFileInfo info : list()) {
      long max = info.maxTxid().value();
      if (max <= position.uploadedTxid) {
        delete(info);
      } else if (info.minTxid().value() <= covered + 1) {
        covered = max;
      }
    }
    if (covered < position.sealedTxid) {
      throw new StagingDamagedException(
          "the file of TXID " + Txid.of(covered + 1) + " is missing in " + folder);
    }
  }
}
