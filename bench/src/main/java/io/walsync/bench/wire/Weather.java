package io.walsync.bench.wire;

/** What the way to the store is like. */
public enum Weather {
  /** Everything passes. */
  CALM("calm"),
  /** No connection is accepted and those there are were reset. */
  REFUSED("refused"),
  /** Nothing passes in either direction until it is calm; then what waited goes on its way. */
  BLACK_HOLE("black hole"),
  /** Each request is answered 503 and does not reach the store. */
  UNAVAILABLE("503"),
  /** Requests are carried out, answers never come, and their connections stay open for ever. */
  HALF_OPEN("half-open"),
  /** 4,000 bytes a second on each connection, in each direction. */
  SLOW("slow");

  private final String label;

  Weather(String label) {
    this.label = label;
  }

  /** As in tables. */
  public String label() {
    return label;
  }
}
