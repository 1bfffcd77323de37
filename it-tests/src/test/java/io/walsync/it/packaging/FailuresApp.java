package io.walsync.it.packaging;

import java.io.File;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Provokes errors of SQLite and of the driver, and prints what a caller sees of each. */
public final class FailuresApp {

  private FailuresApp() {}

  private interface Operation {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    show("open of a folder", () -> EventsApp.Jdbc.connect("."));
    new File("locked.db").delete();
    Connection one = EventsApp.Jdbc.connect("locked.db");
    Connection other = EventsApp.Jdbc.connect("locked.db");
    Statement first = one.createStatement();
    Statement second = other.createStatement();
    second.execute("pragma busy_timeout = 0");
    first.executeUpdate("create table t(x integer primary key, y not null)");
    show("syntax, exec", () -> first.executeUpdate("no sql"));
    show("syntax, prepare", () -> first.execute("no sql"));
    show("constraint, exec", () -> first.executeUpdate("insert into t values (1, null)"));
    show("constraint, step", () -> first.execute("insert into t values (1, null)"));
    show("missing table", () -> first.executeQuery("select * from missing"));
    first.executeUpdate("begin immediate");
    show("busy, exec", () -> second.executeUpdate("insert into t values (2, 2)"));
    show("busy, step", () -> second.execute("insert into t values (2, 2)"));
    first.executeUpdate("rollback");
    show("restore", () -> first.executeUpdate("restore from /nowhere/at/all.db"));
    show("backup", () -> first.executeUpdate("backup to /nowhere/at/all.db"));
    one.close();
    show("closed", () -> first.executeUpdate("select 1"));
    System.out.println("done");
  }

  private static void show(String name, Operation operation) {
    try {
      operation.run();
      System.out.println(name + ": no exception");
    } catch (SQLException e) {
      System.out.println(
          name
              + ": "
              + e.getClass().getName()
              + " "
              + e.getErrorCode()
              + " "
              + e.getSQLState()
              + " "
              + e.getMessage());
    } catch (Throwable t) {
      System.out.println(name + ": " + t);
    }
  }
}
