package io.walsync.db.settings;

import io.walsync.config.DbConfig;
import io.walsync.db.events.DbEvents;
import io.walsync.io.Clock;
import io.walsync.io.Disk;
import io.walsync.replica.CountedReplica;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.RequestCounts;
import java.io.File;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** What one database is given when it is made. */
public final class DbSettings {

  private final File path;
  private final File stagingFolder;
  private final DbConfig config;
  private final CountedReplica client;
  private final String replicaUrl;
  private final Random random;
  private final Disk disk;
  private final Clock clock;
  private final StagingTotal stagingTotal;
  private final DbEvents events;

  /**
   * @param path the database file, symbolic links resolved
   * @param stagingFolder for files that are not uploaded yet; need not exist
   * @param client supplies the replica's client; opens it at first use, on an upload thread
   * @param replicaUrl for logs and for recognising a changed configuration; no secrets
   * @param stagingTotal shared by all databases
   * @param events told what happens to the database
   */
  public DbSettings(
      File path,
      File stagingFolder,
      DbConfig config,
      Supplier<ReplicaClient> client,
      String replicaUrl,
      Random random,
      Disk disk,
      Clock clock,
      StagingTotal stagingTotal,
      DbEvents events) {
    this.path = path;
    this.stagingFolder = stagingFolder;
    this.config = config;
    this.client = new CountedReplica(client);
    this.replicaUrl = replicaUrl;
    this.random = random;
    this.disk = disk;
    this.clock = clock;
    this.stagingTotal = stagingTotal;
    this.events = events;
  }

  public File path() {
    return path;
  }

  public DbConfig config() {
    return config;
  }

  public Supplier<ReplicaClient> client() {
    return client;
  }

  /** What was asked through {@link #client} so far. */
  public List<RequestCounts.Count> requests() {
    return client.counts().all();
  }

  public String replicaUrl() {
    return replicaUrl;
  }

  public Random random() {
    return random;
  }

  public Disk disk() {
    return disk;
  }

  public Clock clock() {
    return clock;
  }

  public StagingTotal stagingTotal() {
    return stagingTotal;
  }

  public DbEvents events() {
    return events;
  }

  public File stagingFolder() {
    return stagingFolder;
  }
}
