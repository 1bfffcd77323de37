package io.walsync.it.scenario;

import java.sql.Connection;

/** One way to change a database. */
interface Scenario {

  /**
   * @param connection on the scenario's database, which has the tables of {@link Stage#prepare}
   */
  void run(Stage stage, Connection connection) throws Exception;
}
