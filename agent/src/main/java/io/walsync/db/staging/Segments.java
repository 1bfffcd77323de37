package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The captured commits that have no TXID yet, as files in the order they were captured. A file is
 * named after the newest segment in it; its header holds the range, since segments are merged.
 *
 * <p>The list of files is in memory, so that a file which somebody deletes is noticed.
 */
public final class Segments {

  static final String SUFFIX = ".ltx";

  private final Disk disk;
  private final File folder;
  private final List<File> files = new ArrayList<>();

  Segments(Disk disk, File folder) {
    this.disk = disk;
    this.folder = folder;
  }

  void load() throws IOException {
    files.clear();
    for (File file : FolderTree.filesOf(folder)) {
      if (file.getName().endsWith(SUFFIX)) {
        files.add(file);
      }
    }
  }

  public boolean isEmpty() {
    return files.isEmpty();
  }

  /** A copy of the list, oldest first. */
  public List<File> all() {
    return new ArrayList<>(files);
  }

  /** When the oldest commit in a file was captured; {@code Long.MAX_VALUE} if there is none. */
  public long oldestMillis() {
    return oldestMillis(files);
  }

  static long oldestMillis(List<File> files) {
    long oldest = Long.MAX_VALUE;
    for (File file : files) {
      oldest = Math.min(oldest, file.lastModified());
    }
    return oldest;
  }

  /** Path of segment number {@code seq}, whether or not it exists yet. */
  public File fileOf(long seq) {
    return new File(folder, Txid.of(seq) + SUFFIX);
  }

  /** The number of the newest segment in a file. */
  public static long seqOf(File segment) {
    String name = segment.getName();
    return Txid.parse(name.substring(0, name.length() - SUFFIX.length())).value();
  }

  /** Adds a segment that has been written. */
  void add(long seq) {
    File file = fileOf(seq);
    if (!files.contains(file)) {
      files.add(file);
      Collections.sort(files);
    }
  }

  /** Deletes segments whose pages are in other files now, or are given up. */
  void delete(List<File> merged) throws IOException {
    for (File segment : new ArrayList<>(merged)) {
      disk.delete(segment);
      files.remove(segment);
    }
  }

  /**
   * Checks that no segment is missing. Deletes segments that a kill has left although a sealed file
   * holds them or they were given up; the rest of given-up segments is no state that the database
   * ever had.
   *
   * @param sealedSeq number of the newest segment that is sealed or given up
   * @param newestSeq number of the newest segment that must be there
   * @throws StagingDamagedException if one is missing, or is not an LTX file
   */
  void check(long sealedSeq, long newestSeq) throws IOException {
    List<File> left = new ArrayList<>();
    for (File segment : files) {
      if (seqOf(segment) <= sealedSeq) {
        left.add(segment);
      }
    }
    delete(left);
    long covered = sealedSeq;
    for (File segment : files) {
      LtxHeader header = headerOf(segment);
      if (header.minTxid().value() <= covered + 1) {
        covered = Math.max(covered, header.maxTxid().value());
      }
    }
    if (covered < newestSeq) {
      throw new StagingDamagedException(
          "segment " + Txid.of(covered + 1) + " is missing in " + folder);
    }
  }

  private LtxHeader headerOf(File segment) throws IOException {
    byte[] header = new byte[LtxHeader.SIZE];
    try (DataInputStream in = new DataInputStream(disk.read(segment))) {
      in.readFully(header);
      return LtxHeader.decode(header);
    } catch (IOException e) {
      throw StagingDamagedException.unreadable(segment, e);
    }
  }
}
