package io.walsync.doctor;

/** How bad what was found is. */
public enum Verdict {
  /** Nothing needs to be done. */
  OK("ok"),

  /** It works, and somebody should know. */
  WARN("warn"),

  /** It does not work, or data is at risk. */
  FAIL("fail");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  /** As it is printed. */
  public String word() {
    return word;
  }
}
