package io.walsync.it.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk of a few megabytes, mounted for one test; skips the test where that may not be done. */
public final class SmallDisk implements AutoCloseable {

  private final Path mountPoint;
  private final String[] mount;

  private SmallDisk(Path mountPoint, String... mount) {
    this.mountPoint = mountPoint;
    this.mount = mount;
  }

  /** A folder that appears at another place as if it were a disk, with all it holds. */
  public static SmallDisk bind(Path content, Path mountPoint) {
    Folders.create(mountPoint);
    SmallDisk disk =
        new SmallDisk(mountPoint, "mount", "--bind", content.toString(), mountPoint.toString());
    disk.mountAgain();
    return disk;
  }

  /** Skips the test where that may not be done. */
  public void mountAgain() {
    assumeTrue(run(mount), "only root may mount");
  }

  public void unmount() {
    close();
  }

  public static SmallDisk mount(Path mountPoint, int megabytes) {
    Folders.create(mountPoint);
    boolean isMounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", mountPoint + "");
    assumeTrue(isMounted, "only root may mount a small disk");
    return new SmallDisk(mountPoint);
  }

  public Path path() {
    return mountPoint;
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    run("umount", "-l", mountPoint.toString());
  }
}
