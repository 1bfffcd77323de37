package io.walsync.staging;

import io.walsync.io.AtomicFile;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The folder of one database: what is captured and not yet uploaded, and how far we are.
 *
 * <p>Invariant: the checksum table and the saved position never run ahead of the files they
 * describe, so that a kill at any moment leaves at most a segment whose pages are recorded again.
 *
 * <p>Threading: one thread at a time, the database's; {@link #stagedBytes} may be asked from
 * anywhere.
 */
public final class Staging implements Closeable {

  private static final String SUFFIX = ".ltx";
  private static final int[] LEVELS = {LtxFileInfo.LEVEL_SNAPSHOT, LtxFileInfo.LEVEL_L0};

  private final File folder;
  private final File segmentFolder;
  private final File positionFile;
  private final RandomAccessFile lockFile;
  private final PageChecksums checksums;
  private SavedPosition position;

  /** The segments on disk, or null when they must be looked up: asked for at every turn. */
  private List<File> segments;

  private Staging(File folder, RandomAccessFile lockFile, SavedPosition position) {
    this.folder = folder;
    this.segmentFolder = new File(folder, "segments");
    this.positionFile = new File(folder, "position");
    this.lockFile = lockFile;
    this.position = position;
    this.checksums = new PageChecksums(new File(folder, "pages.sum"));
  }

  /**
   * Opens the folder, creates it if need be, and takes its lock.
   *
   * @return null if another process (or another copy of the agent) replicates this database now
   * @throws IOException if the folder cannot be created or written
   */
  public static Staging open(File folder) throws IOException {
    for (File needed :
        new File[] {folder, new File(folder, "segments"), level(folder, 9), level(folder, 0)}) {
      Files.createDirectories(needed.toPath());
    }
    RandomAccessFile lockFile = new RandomAccessFile(new File(folder, "lock"), "rw");
    try {
      FileLock lock = lockFile.getChannel().tryLock();
      if (lock == null) {
        lockFile.close();
        return null;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      lockFile.close();
      return null;
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
    Staging staging = new Staging(folder, lockFile, null);
    staging.removeLeftovers();
    staging.position = staging.load();
    return staging;
  }

  private void removeLeftovers() {
    for (File parent : new File[] {folder, segmentFolder, level(folder, 9), level(folder, 0)}) {
      for (File file : filesOf(parent)) {
        if (file.getName().endsWith(AtomicFile.TEMP_SUFFIX)) {
          file.delete();
        }
      }
    }
  }

  private SavedPosition load() {
    if (!positionFile.exists()) {
      return null;
    }
    try {
      return SavedPosition.decode(Files.readAllBytes(positionFile.toPath()));
    } catch (IOException damaged) {
      // As good as none: the replica knows where it is.
      return null;
    }
  }

  public File folder() {
    return folder;
  }

  /** What was saved last, or null if this folder is new. */
  public SavedPosition position() {
    return position;
  }

  public PageChecksums checksums() {
    return checksums;
  }

  /** Saves the position; a kill leaves the old or the new one. */
  public void save(SavedPosition newPosition) throws IOException {
    position = newPosition;
    position.isDurable = false;
    AtomicFile.write(positionFile, position.encode(), false);
  }

  /** Makes everything in the folder survive a power cut, and says so in the position. */
  public void saveDurably() throws IOException {
    checksums.sync();
    for (File file : stagedFiles()) {
      try (RandomAccessFile staged = new RandomAccessFile(file, "rw")) {
        staged.getFD().sync();
      }
    }
    position.isDurable = true;
    AtomicFile.write(positionFile, position.encode(), true);
  }

  /** Forgets everything: the next start sees a new folder. */
  public void clear() throws IOException {
    Files.deleteIfExists(positionFile.toPath());
    position = null;
    for (File file : stagedFiles()) {
      Files.deleteIfExists(file.toPath());
    }
    segments = null;
    checksums.truncate(0);
  }

  /** Where segment number {@code seq} is or will be. */
  public File segment(long seq) {
    segments = null;
    return new File(segmentFolder, Txid.of(seq) + SUFFIX);
  }

  /** The segments in the order they were captured. */
  public List<File> segments() {
    if (segments == null) {
      List<File> found = new ArrayList<>();
      for (File file : filesOf(segmentFolder)) {
        if (file.getName().endsWith(SUFFIX)) {
          found.add(file);
        }
      }
      segments = found;
    }
    return Collections.unmodifiableList(segments);
  }

  /** Deletes segments whose pages are in other files now. */
  public void deleteSegments(List<File> merged) throws IOException {
    List<File> deleting = new ArrayList<>(merged);
    segments = null;
    for (File segment : deleting) {
      Files.deleteIfExists(segment.toPath());
    }
  }

  /** The sequence number in a segment's name. */
  public static long seqOf(File segment) {
    String name = segment.getName();
    return Txid.parse(name.substring(0, name.length() - SUFFIX.length())).value();
  }

  /** Where a sealed file is or will be. */
  public File sealed(int level, Txid min, Txid max) {
    return new File(level(folder, level), min + "-" + max + SUFFIX);
  }

  /** The sealed files in the order they must reach the store. */
  public List<LtxFileInfo> sealedFiles() throws IOException {
    List<LtxFileInfo> sealed = new ArrayList<>();
    for (int level : LEVELS) {
      for (File file : filesOf(level(folder, level))) {
        String name = file.getName();
        if (name.endsWith(SUFFIX)) {
          Txid min = Txid.parse(name.substring(0, 16));
          Txid max = Txid.parse(name.substring(17, 33));
          sealed.add(new LtxFileInfo(level, min, max, file.length(), timestampOf(file)));
        }
      }
    }
    sealed.sort((a, b) -> a.maxTxid().compareTo(b.maxTxid()));
    return sealed;
  }

  private static long timestampOf(File ltxFile) throws IOException {
    byte[] header = new byte[LtxHeader.SIZE];
    try (RandomAccessFile in = new RandomAccessFile(ltxFile, "r")) {
      in.readFully(header);
    }
    return LtxHeader.decode(header).timestampMillis();
  }

  /** The file behind one of {@link #sealedFiles}. */
  public File fileOf(LtxFileInfo sealed) {
    return sealed(sealed.level(), sealed.minTxid(), sealed.maxTxid());
  }

  /** Bytes captured and not yet acknowledged by the store. */
  public long stagedBytes() {
    long bytes = 0;
    for (File file : stagedFiles()) {
      bytes += file.length();
    }
    return bytes;
  }

  private List<File> stagedFiles() {
    List<File> staged = new ArrayList<>(Arrays.asList(filesOf(segmentFolder)));
    for (int level : LEVELS) {
      staged.addAll(Arrays.asList(filesOf(level(folder, level))));
    }
    return staged;
  }

  private static File level(File folder, int level) {
    return new File(new File(folder, "ltx"), Integer.toString(level));
  }

  private static File[] filesOf(File parent) {
    File[] files = parent.listFiles();
    if (files == null) {
      return new File[0];
    }
    Arrays.sort(files);
    return files;
  }

  /** Releases the lock and the files. */
  @Override
  public void close() throws IOException {
    checksums.close();
    lockFile.close();
  }
}
