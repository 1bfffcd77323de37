package io.walsync.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text format 0.0.4 and takes nothing that its description does not allow: a family's
 * lines stand together, help and type before its samples, no sample twice.
 */
final class TextFormat {

  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") ([^\\n]+)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (gauge|counter)");
  private static final String LABEL =
      "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\\\\\"\\n]|\\\\\\\\|\\\\\"|\\\\n)*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "("
              + NAME
              + ")(\\{"
              + LABEL
              + "(?:,"
              + LABEL
              + ")*\\})? (-?[0-9]+(?:\\.[0-9]+)?(?:E-?[0-9]+)?)");

  private TextFormat() {}

  /** Values by name and labels, as written. */
  static Map<String, Double> parse(String text) {
    assertThat(text).endsWith("\n");
    Map<String, Double> samples = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    String helped = "";
    String family = "";
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        helped = help.group(1);
      } else if (type.matches()) {
        family = type.group(1);
        assertThat(family).as("the help before the type").isEqualTo(helped);
        assertThat(types.put(family, type.group(2))).as("%s twice", family).isNull();
        assertThat(family.endsWith("_total"))
            .as("%s is a %s", family, type.group(2))
            .isEqualTo(type.group(2).equals("counter") && !family.endsWith("_bytes"));
      } else {
        assertThat(sample.matches()).as("a sample: %s", line).isTrue();
        assertThat(sample.group(1)).as("in its family").isEqualTo(family);
        String labels = sample.group(2) == null ? "" : sample.group(2);
        assertThat(samples.put(family + labels, Double.valueOf(sample.group(3))))
            .as("%s twice", line)
            .isNull();
      }
    }
    return samples;
  }
}
