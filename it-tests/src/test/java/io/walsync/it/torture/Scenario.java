package io.walsync.it.torture;

/** One way in which a database, its processes or its replica are treated badly. */
interface Scenario {

  /** As it is named on the command line. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** One database from its making to a last orderly end, judged on the way. */
  void play(Life life);
}
