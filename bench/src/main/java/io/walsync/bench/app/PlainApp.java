package io.walsync.bench.app;

/** A program without SQLite: says when {@code main} began. */
public final class PlainApp {

  private PlainApp() {}

  public static void main(String[] arguments) {
    System.out.println("ok main=" + WallClock.micros());
  }
}
