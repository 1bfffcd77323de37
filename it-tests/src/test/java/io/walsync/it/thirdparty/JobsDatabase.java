package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the job scheduler has stored. */
final class JobsDatabase {

  private static final int VERSION = 1;
  private static final int STATE = 2;

  private final Map<String, List<String>> jobs;
  private final Map<String, List<String>> effects;

  private JobsDatabase(Map<String, List<String>> jobs, Map<String, List<String>> effects) {
    this.jobs = jobs;
    this.effects = effects;
  }

  static JobsDatabase of(Path file) {
    Rows.checkIntegrity(file);
    boolean hasJobs = Rows.hasTable(file, "jobrunr_jobs");
    boolean hasEffects = Rows.hasTable(file, "effect");
    return new JobsDatabase(
        hasJobs
            ? Rows.of(file, "SELECT id, version, state, jobAsJson, updatedAt FROM jobrunr_jobs")
            : Map.of(),
        hasEffects
            ? Rows.of(file, "SELECT rowid, client || ' ' || n FROM effect ORDER BY rowid")
            : Map.of());
  }

  boolean hasAll(List<StoredJob> stored) {
    return stored.stream().allMatch(job -> jobs.containsKey(job.id()));
  }

  /**
   * Fails unless this is a state that {@code source} went through: each client's jobs up to one of
   * them, no job newer than there, work in the order in which it was committed, and none of it
   * marked as done that is not.
   */
  void isAStateOf(JobsDatabase source, List<StoredJob> stored) {
    for (Map.Entry<String, List<String>> job : jobs.entrySet()) {
      List<String> then = job.getValue();
      List<String> later = source.jobs.get(job.getKey());
      assertThat(later).as("job %s in the source", job.getKey()).isNotNull();
      int version = Integer.parseInt(then.get(VERSION));
      assertThat(version).isLessThanOrEqualTo(Integer.parseInt(later.get(VERSION)));
      if (then.get(VERSION).equals(later.get(VERSION))) {
        assertThat(then).isEqualTo(later);
      }
    }
    List<List<String>> sourceEffects = new ArrayList<>(source.effects.values());
    assertThat(new ArrayList<>(effects.values()))
        .isEqualTo(sourceEffects.subList(0, effects.size()));
    checkOrder(stored);
  }

  private void checkOrder(List<StoredJob> stored) {
    Set<String> done = new HashSet<>();
    effects.values().forEach(row -> done.add(row.get(1)));
    Set<Integer> endedClients = new HashSet<>();
    for (StoredJob job : stored) {
      List<String> row = jobs.get(job.id());
      String work = job.client() + " " + job.n();
      if (row == null) {
        endedClients.add(job.client());
        assertThat(done).as("work of a job that is not there").doesNotContain(work);
      } else {
        assertThat(endedClients).as("%s after a missing one", job).doesNotContain(job.client());
        if (row.get(STATE).equals("SUCCEEDED")) {
          assertThat(done).as("work of a job that is done").contains(work);
        }
      }
    }
  }

  /** A job that the application knows to be stored. */
  record StoredJob(int client, int n, String id) {

    static List<StoredJob> of(List<String> lines) {
      return lines.stream()
          .filter(line -> line.startsWith("stored "))
          .map(line -> line.split(" "))
          .filter(words -> words.length == 4 && words[3].length() == 36)
          .map(words -> new StoredJob(parse(words[1]), parse(words[2]), words[3]))
          .toList();
    }

    private static int parse(String number) {
      return Integer.parseInt(number);
    }
  }
}
