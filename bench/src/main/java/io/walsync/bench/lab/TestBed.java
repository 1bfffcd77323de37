package io.walsync.bench.lab;

import io.walsync.bench.wire.Wire;
import io.walsync.testkit.Folders;
import io.walsync.testkit.S3Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The store of one suite, a real MinIO if there is one, behind the wire that everybody uses.
 *
 * <p>Threading: tasks and wires are made by any thread.
 */
public final class TestBed implements AutoCloseable {

  private static final String MINIO = "minio";

  private final Lab lab;
  private final Path folder;
  private final S3Server server;
  private final WiredServer wired;
  private final List<WiredServer> further = new ArrayList<>();
  private int taskCount;

  private TestBed(Lab lab, Path folder, S3Server server) {
    this.lab = lab;
    this.folder = folder;
    this.server = server;
    this.wired = new WiredServer(server, new Wire(server.endpoint()));
  }

  public static TestBed open(Lab lab) {
    Path folder = lab.folder("store");
    Optional<Path> minio = lab.peer(MINIO);
    S3Server server =
        minio.isPresent() ? Minio.start(minio.get(), folder) : EmbeddedStore.onDisk(folder);
    return new TestBed(lab, folder, server);
  }

  public String storeName() {
    return server.name();
  }

  public Wire wire() {
    return wired.wire();
  }

  /** The store without the wire: what the harness itself reads is in no log. */
  public S3Server behind() {
    return server;
  }

  public WiredServer wired() {
    return wired;
  }

  /** A wire of its own to the same store; closed with this. */
  public synchronized WiredServer anotherWire() {
    WiredServer another = new WiredServer(server, new Wire(server.endpoint()));
    further.add(another);
    return another;
  }

  /** A new folder and a new key prefix for databases named {@code app-0}, {@code app-1}, … */
  public Task task(int databaseCount, String syncInterval) {
    return task(wired, databaseCount, syncInterval);
  }

  public synchronized Task task(WiredServer over, int databaseCount, String syncInterval) {
    taskCount++;
    String name = "run-" + taskCount;
    List<String> databases = new ArrayList<>();
    for (int i = 0; i < databaseCount; i++) {
      databases.add("app-" + i);
    }
    return new Task(lab.folder(name), over, name, databases, syncInterval);
  }

  /** For describing settings only: it has no folder. */
  public Task sample(String syncInterval) {
    return new Task(folder, wired, "sample", List.of("app-0"), syncInterval);
  }

  @Override
  public synchronized void close() {
    wired.close();
    further.forEach(WiredServer::close);
    server.close();
    Folders.delete(folder);
  }
}
