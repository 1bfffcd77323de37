package io.walsync.replica.file;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the folder of one level holds, and what the file system says of it. */
final class LevelFolder {

  private static final Comparator<LtxFileInfo> BY_TXID =
      Comparator.comparing(LtxFileInfo::minTxid).thenComparing(LtxFileInfo::maxTxid);

  private LevelFolder() {}

  /** Reads the folder once more. */
  interface Again {
    List<LtxFileInfo> list() throws IOException;
  }

  /** As {@link io.walsync.replica.ReplicaClient#list}; empty if there is no such folder. */
  static List<LtxFileInfo> list(Path levelFolder, int level, Txid seek, boolean exactTimes)
      throws IOException {
    return whole(
        read(levelFolder, level, seek, exactTimes),
        () -> read(levelFolder, level, seek, exactTimes));
  }

  /**
   * What the folder held at one moment. Of the files that are put there while it is read, a file
   * system may show a later one without those before it, which then seem to be missing. All of them
   * were there before it is read again.
   *
   * @param first a listing, ascending
   */
  static List<LtxFileInfo> whole(List<LtxFileInfo> first, Again again) throws IOException {
    boolean isGap = false;
    long newest = 0;
    for (LtxFileInfo file : first) {
      isGap |= newest != 0 && file.minTxid().value() > newest + 1;
      newest = Math.max(newest, file.maxTxid().value());
    }
    if (!isGap) {
      return first;
    }
    List<LtxFileInfo> second = again.list();
    long end = newest;
    second.removeIf(file -> file.maxTxid().value() > end);
    return second;
  }

  private static List<LtxFileInfo> read(Path levelFolder, int level, Txid seek, boolean exactTimes)
      throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(levelFolder)) {
      for (Path entry : entries) {
        LtxFileInfo file = describe(level, entry, exactTimes);
        if (file != null && file.minTxid().compareTo(seek) >= 0) {
          files.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      return files;
    } catch (DirectoryIteratorException e) {
      throw FileFailure.of("list", levelFolder, e.getCause());
    } catch (IOException e) {
      throw FileFailure.of("list", levelFolder, e);
    }
    files.sort(BY_TXID);
    return files;
  }

  private static @Nullable LtxFileInfo describe(int level, Path entry, boolean isTimed)
      throws IOException {
    String name = entry.getFileName().toString();
    if (LtxFileInfo.parse(level, name, 0, 0) == null) {
      return null;
    }
    try {
      BasicFileAttributes found = Files.readAttributes(entry, BasicFileAttributes.class);
      if (!found.isRegularFile()) {
        return null;
      }
      LtxFileInfo file =
          LtxFileInfo.parse(level, name, found.size(), found.lastModifiedTime().toMillis());
      assert file != null : "its name is one";
      return isTimed ? exactly(file, entry) : file;
    } catch (NoSuchFileException e) {
      return null; // deleted by retention since the folder was read
    }
  }

  /**
   * With the time that the file itself says: a copy may not have kept that which its writer gave
   * it.
   */
  private static LtxFileInfo exactly(LtxFileInfo listed, Path entry) throws IOException {
    LtxFileInfo file = listed.withStoredMillis(changedMillis(entry));
    byte[] header = new byte[LtxHeader.SIZE];
    try (InputStream in = Files.newInputStream(entry)) {
      new DataInputStream(in).readFully(header);
      return file.withCreatedMillis(LtxHeader.decode(header, 0, header.length).timestampMillis());
    } catch (NoSuchFileException deleted) {
      throw deleted;
    } catch (IOException damaged) {
      // A restore that needs it says so.
      return file;
    }
  }

  /**
   * When the file system last noted a change of the file, by its own clock: nobody can set it, and
   * a copy has a later one.
   */
  static long changedMillis(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Long.MAX_VALUE;
    }
    return ((FileTime) Files.getAttribute(file, "unix:ctime")).toMillis();
  }
}
