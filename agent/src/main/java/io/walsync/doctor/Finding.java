package io.walsync.doctor;

/** What one check has found of one thing, and one line of advice. Immutable. */
public final class Finding {

  private final Verdict verdict;
  private final String check;
  private final String subject;
  private final String found;
  private final String advice;

  private Finding(Verdict verdict, String check, String subject, String found, String advice) {
    this.verdict = verdict;
    this.check = check;
    this.subject = subject;
    this.found = found;
    this.advice = advice;
  }

  /**
   * @param check a word that names the check, such as {@code clock}
   * @param subject the path or URL that it is about; empty for the process
   * @param found without a full stop
   */
  static Finding ok(String check, String subject, String found) {
    return new Finding(Verdict.OK, check, subject, found, "");
  }

  static Finding ok(String check, String subject, String found, String advice) {
    return new Finding(Verdict.OK, check, subject, found, advice);
  }

  /**
   * @param advice whole sentences
   */
  static Finding warning(String check, String subject, String found, String advice) {
    return new Finding(Verdict.WARN, check, subject, found, advice);
  }

  static Finding failure(String check, String subject, String found, String advice) {
    return new Finding(Verdict.FAIL, check, subject, found, advice);
  }

  public Verdict verdict() {
    return verdict;
  }

  String check() {
    return check;
  }

  String subject() {
    return subject;
  }

  String found() {
    return found;
  }

  /** Empty if there is nothing to do. */
  String advice() {
    return advice;
  }

  /** One line. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(verdict.word());
    while (line.length() < 6) {
      line.append(' ');
    }
    line.append(check).append(subject.isEmpty() ? "" : " of " + subject).append(": ").append(found);
    if (!advice.isEmpty()) {
      line.append(". ").append(advice);
    }
    return line.toString().replace('\n', ' ').replace('\r', ' ');
  }
}
