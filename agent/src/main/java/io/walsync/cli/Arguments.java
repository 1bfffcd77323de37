package io.walsync.cli;

import picocli.CommandLine.ParseResult;

/** What the user wrote after the name of a command. */
final class Arguments {

  private final ParseResult result;

  Arguments(ParseResult result) {
    this.result = result;
  }

  boolean isSet(String flag) {
    return result.matchedOptionValue("-" + flag, false);
  }

  /** Whether the command has -force and it is given. */
  boolean isForced() {
    return result.hasMatchedOption("-force") && isSet("force");
  }

  /** The value of an option, or null if it is not given. */
  String text(String option) {
    return result.matchedOptionValue("-" + option, (String) null);
  }

  /** The one argument that is no option, or null. */
  String argument() {
    return argument(0);
  }

  /** An argument that is no option, counted from 0, or null. */
  String argument(int index) {
    return result.matchedPositionalValue(index, (String) null);
  }

  /** A whole number, or {@code defaultValue} if the option is not given. */
  int number(String option, int min, int max, int defaultValue) throws UsageException {
    String text = text(option);
    if (text == null) {
      return defaultValue;
    }
    boolean isNumber = text.length() <= 9 && !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    int number = isNumber ? Integer.parseInt(text) : min - 1;
    if (number < min || number > max) {
      throw new UsageException(
          "-" + option + " must be a number from " + min + " to " + max + ", not " + text);
    }
    return number;
  }
}
