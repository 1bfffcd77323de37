package io.walsync.io;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/**
 * What the agent does to the files it owns itself, in its folder beside a database. A test replaces
 * it by a disk that is full or that fails at the Nth call.
 *
 * <p>Threading: stateless.
 */
public class Disk {

  /** The disks of this machine. */
  public static final Disk REAL = new Disk();

  private final FileAccess access;

  protected Disk() {
    this(FileAccess.BY_UMASK);
  }

  private Disk(FileAccess access) {
    this.access = access;
  }

  /** The disks of this machine. Files created through it get the access rights of the database. */
  public static Disk like(File database) {
    return new Disk(FileAccess.like(database));
  }

  /** False for the replacement that a test has put here. */
  public boolean isReal() {
    return getClass() == Disk.class;
  }

  /** Creates the folder and those above it, unless they exist. */
  public void createFolder(File folder) throws IOException {
    access.createFolders(folder.toPath());
  }

  /** Creates or empties a file. */
  public FileOutputStream create(File file) throws IOException {
    boolean isNew = access.createFile(file.toPath());
    try {
      return new FileOutputStream(file);
    } catch (IOException | RuntimeException | Error e) {
      deleteIf(isNew, file);
      throw e;
    }
  }

  /** Opens a file to read and to change it; creates it if there is none. */
  public RandomAccessFile open(File file) throws IOException {
    boolean isNew = access.createFile(file.toPath());
    try {
      return new RandomAccessFile(file, "rw");
    } catch (IOException | RuntimeException | Error e) {
      deleteIf(isNew, file);
      throw e;
    }
  }

  /**
   * Deletes a file that was created and could not be opened, for want of descriptors for instance:
   * left empty, it would be taken for a damaged one later.
   */
  private static void deleteIf(boolean isNew, File file) {
    if (isNew) {
      file.delete();
    }
  }

  /** Gives a file that an older agent has left the access rights of one created now. */
  public void adopt(File file) throws IOException {
    access.apply(file.toPath());
  }

  /**
   * @throws java.io.FileNotFoundException if there is no such file
   */
  public FileInputStream read(File file) throws IOException {
    return new FileInputStream(file);
  }

  /** Renames atomically, replacing what stands there. */
  public void rename(File from, File to) throws IOException {
    Files.move(from.toPath(), to.toPath(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes a file; a missing one is no error. */
  public void delete(File file) throws IOException {
    Files.deleteIfExists(file.toPath());
  }

  /** Bytes that may still be written below the folder. */
  public long freeBytes(File folder) {
    return folder.getUsableSpace();
  }

  /** Bytes that the disk below the folder holds in all. */
  public long totalBytes(File folder) {
    return folder.getTotalSpace();
  }
}
