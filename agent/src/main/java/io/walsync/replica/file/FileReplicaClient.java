package io.walsync.replica.file;

import io.walsync.io.FileAccess;
import io.walsync.ltx.Txid;
import io.walsync.replica.BoundedInputStream;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.NoteStore;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replica in a directory.
 *
 * <p>A file appears under its name complete, fsynced, with its modification time and the mode of
 * its database, or not at all, and never replaces another one.
 *
 * <p>Threading: stateless but for the paths and for which folder it is that they lead to; any
 * number of threads and processes.
 */
public final class FileReplicaClient implements ReplicaClient {

  private static final String GONE =
      " is gone (not mounted?); if no disk belongs there, make the folder";

  private final Path root;
  private final Path ltxFolder;
  private final FileAccess access;
  private final ReplicaFolder folder;
  private final OwnerFile owner;

  /** When the newest file was written, by the file system's clock. */
  private volatile long writtenMillis = NO_TIME;

  /** The mark of the folder that this process writes; null before {@link #begin}. */
  private volatile @Nullable Object markKey;

  /** As the other constructor, for a replica that is read, or whose files the umask decides of. */
  public FileReplicaClient(File root) {
    this(root, FileAccess.BY_UMASK);
  }

  /**
   * @param root the folder of one database's replica; {@link #init} creates it
   * @param access of the folders and files created
   */
  public FileReplicaClient(File root, FileAccess access) {
    this.access = access;
    this.root = root.toPath().toAbsolutePath().normalize();
    this.ltxFolder = this.root.resolve("ltx");
    this.folder = new ReplicaFolder(this.root);
    this.owner = new OwnerFile(this.root.resolve("walsync"), access);
  }

  @Override
  public String url() {
    String path = root.toString().replace(File.separatorChar, '/');
    return path.startsWith("/") ? "file://" + path : "file:///" + path;
  }

  @Override
  public void init() throws IOException {
    connect();
    begin();
  }

  /** Whether it is there, {@link #locate} tells; whether it can be written, {@link #begin}. */
  @Override
  public void connect() {}

  @Override
  public String locate(String known) throws IOException {
    MountTable mounts = MountTable.read();
    try {
      String place = folder.place(mounts);
      if (!folder.isThere()) {
        String whyMissing = whyMissing(known, place, mounts);
        if (whyMissing != null) {
          throw new ReplicaMissingException("cannot find " + root + ": " + whyMissing);
        }
      }
      return place;
    } catch (IOException e) {
      throw FileFailure.of("find", root, e);
    }
  }

  private @Nullable String whyMissing(String known, String place, MountTable mounts)
      throws IOException {
    String why = folder.whyMissing(mounts);
    if (why != null) {
      return why;
    }
    boolean isElsewhere = !known.isEmpty() && !known.equals(place);
    if (isElsewhere) {
      return "the replica was on the file system that is mounted at "
          + known
          + ", and that is not mounted now. Nothing is written to the disk below";
    }
    boolean isGone = hasBegun() && !Files.isDirectory(root);
    return isGone ? "the replica folder" + GONE : null;
  }

  @Override
  public @Nullable String explainEmpty() throws IOException {
    try {
      return folder.explainEmpty(MountTable.read(), url());
    } catch (IOException e) {
      throw FileFailure.of("find", root, e);
    }
  }

  /**
   * Creates the folder and its mark, proves that it can be written and removes what a crash left
   * behind.
   */
  @Override
  public void begin() throws IOException {
    try {
      access.createFolders(ltxFolder);
      folder.mark(access);
      NewFile.proveWritable(ltxFolder);
      NewFile.syncFolder(root);
      NewFile.syncFolderIfReadable(root.getParent());
      markKey = folder.markKey();
      for (int level : LtxFileInfo.levels()) {
        if (Files.isDirectory(levelFolder(level))) {
          NewFile.removeLeftovers(levelFolder(level));
        }
      }
    } catch (IOException e) {
      throw FileFailure.of("create the replica folder", ltxFolder, e);
    }
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    return LevelFolder.list(levelFolder(level), level, seek, exactTimes);
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    Path path = path(file);
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        channel.position(offset);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      return new BoundedInputStream(Channels.newInputStream(channel), length);
    } catch (IOException e) {
      throw FileFailure.ofReading("read", path, e);
    }
  }

  @Override
  public boolean isKnownGone(LtxFileInfo file) {
    return Files.notExists(path(file));
  }

  @Override
  public @Nullable String recordedSha256(LtxFileInfo file) throws IOException {
    Path path = path(file);
    try {
      return Sha256Attribute.read(path);
    } catch (IOException e) {
      throw FileFailure.ofReading("read the SHA-256 of", path, e);
    }
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return NumberAttribute.DATABASE_CHECKSUM.read(path(file));
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    return NumberAttribute.EPOCH.read(path(file));
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    Path path = path(file);
    requireFolder(path);
    try {
      prepareFor(path);
      boolean isNew =
          !Files.exists(path)
              && NewFile.write(path, content, file.createdMillis(), sha256Hex, access);
      if (!isNew) {
        requireSame(path, sha256Hex);
        NewFile.sync(path); // whoever wrote it
      }
      written(path, content.sizeBytes());
    } catch (IOException e) {
      throw FileFailure.of("write", path, e);
    }
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    Path path = path(name);
    requireFolder(path);
    try {
      prepareFor(path);
      boolean isNew =
          !Files.exists(path) && NewFile.write(path, content, name.createdMillis(), access);
      if (!isNew) {
        long recorded = NumberAttribute.DATABASE_CHECKSUM.read(path);
        if (recorded == 0 || recorded != content.databaseChecksum()) {
          throw conflict(path);
        }
        NewFile.sync(path); // whoever wrote it
      }
      long sizeBytes = Files.size(path);
      written(path, sizeBytes);
      return name.withSizeBytes(sizeBytes);
    } catch (NewFile.ContentException e) {
      throw e.reason();
    } catch (IOException e) {
      throw FileFailure.of("write", path, e);
    }
  }

  private void requireFolder(Path path) throws ReplicaMissingException {
    if (!Files.isDirectory(root)) {
      throw new ReplicaMissingException(
          "cannot write " + path + ": the replica folder " + root + GONE);
    }
  }

  private void prepareFor(Path path) throws IOException {
    Object begunWith = markKey;
    if (begunWith != null && !begunWith.equals(folder.markKey())) {
      throw new ReplicaMissingException(
          "cannot write "
              + path
              + ": "
              + root
              + " is not the folder that was written so far: it was emptied, or replaced, or its"
              + " disk is not mounted");
    }
    Path level = path.getParent();
    assert level != null : "it is in the root";
    if (!Files.isDirectory(level)) {
      access.createFolders(level);
      NewFile.syncFolder(ltxFolder);
    }
  }

  private void written(Path path, long sizeBytes) throws IOException {
    NewFile.syncFolder(path.getParent());
    NewFile.requireWhole(path, sizeBytes);
    long millis = LevelFolder.changedMillis(path);
    writtenMillis = millis == Long.MAX_VALUE ? NO_TIME : millis;
  }

  private static void requireSame(Path path, String sha256Hex) throws IOException {
    if (Sha256Attribute.compute(path).equals(sha256Hex)) {
      return;
    }
    boolean isOurs = sha256Hex.equals(Sha256Attribute.read(path)) || Files.size(path) == 0;
    if (isOurs) {
      throw new ReplicaException(
          "cannot write "
              + path
              + ": a file of ours is there that lost its content (a power cut, or a file system"
              + " that does not keep what it was told to); delete it, and it is written again",
          false);
    }
    throw conflict(path);
  }

  private static LtxFileConflictException conflict(Path path) {
    return new LtxFileConflictException(
        "cannot write " + path + ": another writer has put a different file there");
  }

  @Override
  public OwnerObject owner() throws IOException {
    return owner.read();
  }

  @Override
  public boolean isOwnerNear() {
    return true;
  }

  @Override
  public NoteStore notes() {
    return new FileNotes(root.resolve("walsync"), access);
  }

  /** That of the machine, or of the file server where that is later. */
  @Override
  public long storeMillis() {
    return Math.max(System.currentTimeMillis(), writtenMillis);
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner next) throws IOException {
    return owner.replace(before, next);
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    IOException first = null;
    for (LtxFileInfo file : files) {
      Path path = path(file);
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        if (first == null) {
          first = FileFailure.of("delete", path, e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private boolean hasBegun() {
    return markKey != null;
  }

  /** Nothing is held open between calls. */
  @Override
  public void close() {}

  private Path levelFolder(int level) {
    return ltxFolder.resolve(Integer.toString(level));
  }

  private Path path(LtxFileInfo file) {
    return levelFolder(file.level()).resolve(file.fileName());
  }
}
