package io.walsync.config;

/** The {@code url} of a replica: the value of the file, and what it says. */
final class WrittenUrl {

  final Value value;
  final ReplicaUrl parsed;

  private WrittenUrl(Value value, ReplicaUrl parsed) {
    this.value = value;
    this.parsed = parsed;
  }

  static WrittenUrl parse(Value value) throws ConfigException {
    try {
      return new WrittenUrl(value, ReplicaUrl.parse(value.text()));
    } catch (IllegalArgumentException e) {
      throw value.error(String.valueOf(e.getMessage()));
    }
  }

  /** Tells its author what Litestream makes of it. */
  void warn() {
    parsed.warnings.forEach(value::warn);
  }
}
