package io.walsync.io;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/**
 * What the agent does to the files it owns itself: its folder beside a database. A test puts a disk
 * in its place that is full, or fails at the Nth call.
 *
 * <p>Threading: stateless.
 */
public class Disk {

  /** The disks of this machine. */
  public static final Disk REAL = new Disk();

  protected Disk() {}

  /** Creates the folder and those above it, unless they exist. */
  public void createFolder(File folder) throws IOException {
    Files.createDirectories(folder.toPath());
  }

  /** Creates or empties a file. */
  public FileOutputStream create(File file) throws IOException {
    return new FileOutputStream(file);
  }

  /** Opens a file to read and to change it; creates it if there is none. */
  public RandomAccessFile open(File file) throws IOException {
    return new RandomAccessFile(file, "rw");
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
