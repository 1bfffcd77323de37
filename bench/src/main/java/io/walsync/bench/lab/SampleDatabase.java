package io.walsync.bench.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * Makes a database of a given size: each row has a number, about 400 bytes of words and 200 random
 * bytes, so that about a third does not compress. The same seed gives the same rows.
 */
public final class SampleDatabase {

  private static final int ROWS_PER_COMMIT = 100;
  private static final int TEXT_BYTES = 400;
  private static final int NOISE_BYTES = 200;
  private static final long SEED = 42;

  /** walrust would make it itself, and cannot restore a database whose pages it renumbered. */
  private static final String TABLE_OF_WALRUST =
      "CREATE TABLE _walrust_seq (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)";

  private static final String[] WORDS = {
    "order",
    "invoice",
    "customer",
    "delivered",
    "pending",
    "the",
    "of",
    "and",
    "warehouse",
    "Hamburg",
    "Lisbon",
    "Osaka",
    "express",
    "standard",
    "returned",
    "amount",
    "discount",
    "note",
    "please",
    "ring",
    "twice",
    "left",
    "with",
    "neighbour",
    "paid",
    "by",
    "card",
    "transfer"
  };

  private SampleDatabase() {}

  /**
   * @param file must not exist
   * @param sizeBytes reached within one transaction's rows
   */
  public static void create(Path file, long sizeBytes) {
    Random random = new Random(SEED);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("PRAGMA journal_mode=MEMORY");
      statement.execute(
          "CREATE TABLE sample (id INTEGER PRIMARY KEY, number INTEGER, words TEXT, noise BLOB)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO sample (number, words, noise) VALUES (?, ?, ?)")) {
        while (Files.size(file) < sizeBytes) {
          fill(insert, random);
          connection.commit();
        }
      }
      connection.setAutoCommit(true);
      statement.execute(TABLE_OF_WALRUST);
      statement.execute("VACUUM");
      statement.execute("PRAGMA journal_mode=WAL");
    } catch (SQLException | java.io.IOException e) {
      throw new LabException("cannot make " + file, e);
    }
  }

  private static void fill(PreparedStatement insert, Random random) throws SQLException {
    byte[] noise = new byte[NOISE_BYTES];
    for (int i = 0; i < ROWS_PER_COMMIT; i++) {
      random.nextBytes(noise);
      insert.setLong(1, random.nextLong());
      insert.setString(2, words(random));
      insert.setBytes(3, noise);
      insert.executeUpdate();
    }
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder(TEXT_BYTES + 16);
    while (text.length() < TEXT_BYTES) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return text.toString();
  }
}
