package io.walsync.bench.report;

/** A picture of a table. */
public interface Chart {

  /** Without folder and extension, unique among all suites. */
  String fileName();

  /** The whole file. */
  String toSvg();
}
