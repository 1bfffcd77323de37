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

    private Score<R> plus(Score<R> next) {
      if (!next.isRight()) {
        return next;
      }
      List<R> all = new ArrayList<>(runs);
      all.addAll(next.runs);
      return new Score<>(all, null);
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
    Map<Contender, Score<R>> scores = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Contender contender : contenders) {
        Score<R> before = scores.getOrDefault(contender, new Score<>(List.of(), null));
        if (before.isRight()) {
          scores.put(contender, before.plus(runOnce(heat, contender)));
        }
      }
    }
    return scores;
  }

  /** All contenders at the same time, for runs that are long and load the machine little. */
  Map<Contender, Score<R>> runTogether(Heat<R> heat) throws InterruptedException {
    return Together.run(contenders, contenders.size(), contender -> runOnce(heat, contender));
  }

  private Score<R> runOnce(Heat<R> heat, Contender contender) throws InterruptedException {
    try {
      R run = heat.run(contender);
      Bench.progress(title + ", " + contender.name());
      return new Score<>(List.of(run), null);
    } catch (WrongRestoreException e) {
      Bench.progress(title + ", " + contender.name() + " WRONG: " + e.getMessage());
      return new Score<>(List.of(), "WRONG: " + withoutFolders(e.getMessage()));
    } catch (LabException e) {
      Bench.progress(title + ", " + contender.name() + " failed: " + e.getMessage());
      return new Score<>(List.of(), "failed: " + withoutFolders(firstLine(e)));
    }
  }

  /** Results name no path of this machine: the last part of each has to do. */
  static String withoutFolders(String message) {
    return message.replaceAll("(?<![\\w:/])/(?:[^\\s/,\\]]+/)+", "");
  }

  private static String firstLine(Exception e) {
    return e.getMessage().lines().findFirst().orElse("");
  }
}
