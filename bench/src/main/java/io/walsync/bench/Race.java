package io.walsync.bench;

import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.WrongRestoreException;
import io.walsync.bench.peer.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same thing with each contender in turn, again and again, so that what changes on the machine
 * meets all alike. A contender that fails once is out, without numbers.
 *
 * @param <R> what one run finds
 */
final class Race<R> {

  /** One run of one contender, proved. */
  interface Heat<R> {

    /**
     * @throws WrongRestoreException if the restore is not the database
     * @throws LabException if it could not be measured
     */
    R run(Contender contender) throws InterruptedException;
  }

  /**
   * How a contender did.
   *
   * @param runs in order; empty if there is a failure
   * @param failure null, or what the table shows in place of numbers
   */
  record Score<R>(List<R> runs, String failure) {

    boolean isRight() {
      return failure == null;
    }
  }

  private final String title;
  private final List<Contender> contenders;
  private final int rounds;

  /**
   * @param title for progress
   */
  Race(String title, List<Contender> contenders, int rounds) {
    this.title = title;
    this.contenders = contenders;
    this.rounds = rounds;
  }

  Map<Contender, Score<R>> run(Heat<R> heat) throws InterruptedException {
    Map<Contender, List<R>> runs = new LinkedHashMap<>();
    Map<Contender, String> failures = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Contender contender : contenders) {
        if (failures.containsKey(contender)) {
          continue;
        }
        try {
          R run = heat.run(contender);
          runs.computeIfAbsent(contender, key -> new ArrayList<>()).add(run);
          Bench.progress(title + ", " + contender.name());
        } catch (WrongRestoreException e) {
          failures.put(contender, "WRONG: " + e.getMessage());
          Bench.progress(title + ", " + contender.name() + " WRONG: " + e.getMessage());
        } catch (LabException e) {
          failures.put(contender, "failed: " + firstLine(e));
          Bench.progress(title + ", " + contender.name() + " failed: " + e.getMessage());
        }
      }
    }
    Map<Contender, Score<R>> scores = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      String failure = failures.get(contender);
      scores.put(
          contender, new Score<>(failure == null ? runs.get(contender) : List.of(), failure));
    }
    return scores;
  }

  private static String firstLine(Exception e) {
    return e.getMessage().lines().findFirst().orElse("");
  }
}
