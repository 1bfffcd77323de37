package io.walsync.bench;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import java.util.List;

/** One question that is answered by measuring. */
interface Suite {

  String name();

  /** What it measures, in one line for the help. */
  String question();

  /** The tables it fills, in the order to print. */
  List<ResultTable> tables();

  /** Pictures of what it found; asked for after the run. */
  default List<Chart> charts() {
    return List.of();
  }

  /**
   * Measures. Rows that are in the tables when it fails were proved.
   *
   * @throws io.walsync.bench.lab.LabException if a run fails or its restore is not its database
   */
  void run(Lab lab, Options options) throws InterruptedException;
}
