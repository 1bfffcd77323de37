package io.walsync.history.compaction;

import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges what is due in a replica, level by level, one merge after the other. Whatever it is killed
 * in, the replica is whole, and the next run goes on where this one ended: each file that is stored
 * is one whose inputs are all there, under a name that follows from them.
 *
 * <p>Threading: one thread; several processes at a time do no harm, but the same work.
 */
public final class Compaction {

  /** Called for what is done, on the thread that does it. */
  public interface Progress {

    /** A file was stored. */
    void merged(List<LtxFileInfo> inputs, LtxFileInfo output);

    /** Something cannot be merged; it stays as it is. */
    void obstacle(String reason);
  }

  private final ReplicaClient client;
  private final Ladder ladder;
  private final boolean isAlone;
  private final @Nullable Path scratchFolder;
  private final Clock clock;
  private final Random random;

  /**
   * @param isAlone whether nobody else writes the replica: only then what a kill has left is
   *     removed, since a file that somebody is about to write cannot be told from it
   * @param scratchFolder where merged files are until they are stored; null for the system's
   */
  public Compaction(
      ReplicaClient client,
      Ladder ladder,
      boolean isAlone,
      @Nullable Path scratchFolder,
      Clock clock,
      Random random) {
    this.client = client;
    this.ladder = ladder;
    this.isAlone = isAlone;
    this.scratchFolder = scratchFolder;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Lists a replica as {@link #run} needs it. A store tells of a merged file only when it was
   * merged; where that matters, the file's own time is asked for, at a request each.
   */
  public List<LtxFileInfo> list() throws IOException {
    return exact(ReplicaFiles.list(client));
  }

  /**
   * What is to be merged of a listing: without files of another history, see {@link
   * RestorePlan#ofOwn}, and with exact times where they matter.
   */
  public List<LtxFileInfo> sift(List<LtxFileInfo> listed) throws IOException {
    return own(exact(new ArrayList<>(listed)));
  }

  private List<LtxFileInfo> exact(List<LtxFileInfo> files) throws IOException {
    for (int level = 1; level < ladder.top(); level++) {
      int source = level;
      long reached = DueMerges.reached(level + 1, files);
      boolean isAny =
          files.removeIf(file -> file.level() == source && file.minTxid().value() > reached);
      if (isAny) {
        files.addAll(client.list(level, Txid.of(reached + 1), true));
      }
    }
    return files;
  }

  /**
   * @param listed as {@link #list} does it
   * @return all files that are there now
   * @throws io.walsync.ltx.LtxFormatException if a file is damaged; what was merged before stays
   * @throws io.walsync.restore.RestoreException if the replica has no state that can be restored
   * @throws IOException if the replica could not be read or written
   */
  public List<LtxFileInfo> run(List<LtxFileInfo> listed, Progress progress) throws IOException {
    List<LtxFileInfo> files = own(listed);
    long nowMillis = clock.millis();
    Set<String> told = new HashSet<>();
    boolean isBegun = !isAlone;
    for (int level = 1; level <= ladder.top(); level++) {
      DueMerges due = DueMerges.into(level, files, ladder, nowMillis);
      for (List<LtxFileInfo> inputs : due.merges()) {
        if (!isBegun) {
          client.begin(); // removes what a kill has left
          isBegun = true;
        }
        LtxFileInfo output = merge(inputs);
        files.add(output);
        progress.merged(inputs, output);
      }
      for (String obstacle : due.obstacles()) {
        if (told.add(obstacle)) {
          progress.obstacle(obstacle);
        }
      }
    }
    return files;
  }

  /**
   * What {@link #run} would do, without reading or writing a file: inputs that are merged
   * themselves are shown with their names, but without a size.
   */
  public void plan(List<LtxFileInfo> listed, Progress progress) throws IOException {
    List<LtxFileInfo> files = own(listed);
    for (int level = 1; level <= ladder.top(); level++) {
      DueMerges due = DueMerges.into(level, files, ladder, clock.millis());
      for (List<LtxFileInfo> inputs : due.merges()) {
        LtxFileInfo newest = inputs.get(inputs.size() - 1);
        LtxFileInfo output =
            new LtxFileInfo(
                level, inputs.get(0).minTxid(), newest.maxTxid(), 0, newest.createdMillis());
        files.add(output);
        progress.merged(inputs, output);
      }
      due.obstacles().forEach(progress::obstacle);
    }
  }

  /**
   * Makes a snapshot of the newest state.
   *
   * @param listed as {@link #list} does it
   * @return null if there is one
   * @throws WrongImageException if the state is not what was committed; nothing is stored then
   * @throws IOException as {@link #run}
   */
  public @Nullable Snapshot snapshot(List<LtxFileInfo> listed) throws IOException {
    List<LtxFileInfo> plan = RestorePlan.ofOwn(client, listed, RestoreTarget.latest()).files();
    if (plan.size() < 2) {
      return null;
    }
    Contents contents = Contents.of(client);
    Merge merge = new Merge(contents, scratchFolder, clock, random, Stop.NEVER);
    try (Image image = merge.image(plan, Long.MAX_VALUE)) {
      long recorded = contents.databaseChecksum(image.newest());
      if (isAlone) {
        client.begin(); // removes what a kill has left
      }
      long epoch = contents.epoch(image.newest());
      return new Snapshot(image.store(client, recorded, epoch, () -> {}), recorded != 0);
    }
  }

  /** A snapshot that was stored. */
  public static final class Snapshot {

    private final LtxFileInfo file;
    private final boolean isCompared;

    Snapshot(LtxFileInfo file, boolean isCompared) {
      this.file = file;
      this.isCompared = isCompared;
    }

    public LtxFileInfo file() {
      return file;
    }

    /** Whether a checksum was recorded at the commit, which the snapshot has. */
    public boolean isCompared() {
      return isCompared;
    }
  }

  private List<LtxFileInfo> own(List<LtxFileInfo> listed) throws IOException {
    List<LtxFileInfo> files = new ArrayList<>(listed);
    RestorePlan plan = RestorePlan.ofOwn(client, files, RestoreTarget.latest());
    files.removeAll(plan.foreign());
    return files;
  }

  private LtxFileInfo merge(List<LtxFileInfo> inputs) throws IOException {
    try (Merged merged =
        new Merge(Contents.of(client), scratchFolder, clock, random, Stop.NEVER).run(inputs)) {
      merged.store(client);
      return merged.file();
    }
  }
}
