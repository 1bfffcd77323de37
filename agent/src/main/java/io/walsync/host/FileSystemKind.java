package io.walsync.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kind of file system a database lies on. SQLite's WAL needs shared memory and POSIX locks that
 * every process sees; file systems that are shared between machines, or between a machine and its
 * host, do not give them.
 */
public final class FileSystemKind {

  /** Names as the operating system gives them, up to the first dot. */
  private static final Set<String> SHARED =
      new HashSet<>(
          Arrays.asList(
              "nfs",
              "nfs3",
              "nfs4",
              "cifs",
              "smb",
              "smb2",
              "smb3",
              "smbfs",
              "ncpfs",
              "afpfs",
              "webdav",
              "davfs",
              "virtiofs",
              "9p",
              "vboxsf",
              "vmhgfs",
              "prl_fs",
              "drvfs",
              "ceph",
              "glusterfs",
              "lustre",
              "beegfs",
              "gpfs",
              "afs",
              "ocfs2",
              "gfs",
              "gfs2",
              "coda",
              "sshfs",
              "osxfs",
              "grpcfuse",
              "fakeowner"));

  /**
   * FUSE file systems that are always on a network, by what follows {@code fuse.} in their names.
   */
  private static final Set<String> SHARED_FUSE =
      new HashSet<>(
          Arrays.asList(
              "sshfs",
              "s3fs",
              "glusterfs",
              "ceph",
              "rclone",
              "gcsfuse",
              "goofys",
              "juicefs",
              "mount-s3",
              "blobfuse",
              "blobfuse2",
              "vmhgfs-fuse",
              "grpcfuse",
              "osxfs",
              "davfs2",
              "moosefs",
              "mfs",
              "seaweedfs",
              "curlftpfs",
              "beegfs",
              "lustre"));

  private static final String FUSE = "fuse.";

  private FileSystemKind() {}

  /**
   * The name of the file system if processes on two machines, or a guest and its host, can have the
   * file open.
   *
   * @return null for a local file system, and where the system does not tell
   */
  public static @Nullable String sharedBetweenMachines(File file) {
    try {
      FileStore store = Files.getFileStore(file.toPath());
      if (isShared(store.type())) {
        return store.type();
      }
    } catch (IOException | RuntimeException notTold) {
      // Only a warning depends on the answer, and the path may still tell.
      return isUnc(file) ? "network share" : null;
    }
    return isUnc(file) ? "network share" : null;
  }

  static boolean isShared(String type) {
    if (type == null) {
      return false;
    }
    String name = type.toLowerCase(Locale.ROOT);
    return name.startsWith(FUSE)
        ? SHARED_FUSE.contains(name.substring(FUSE.length()))
        : SHARED.contains(name);
  }

  /**
   * Whether the path is one of Windows such as {@code \\server\share}. On other systems no absolute
   * path looks like that.
   */
  private static boolean isUnc(File file) {
    return file.getPath().startsWith("\\\\");
  }
}
