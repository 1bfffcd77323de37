package io.walsync.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of a package comment: offset, bytes and name of each field. The title stands above it,
 * not indented; the fields are, and the name ends at two spaces.
 */
public final class ByteTable {

  /** In place of a number: as much as it takes. */
  public static final int OPEN = -1;

  private static final Pattern FIELD =
      Pattern.compile(" +(\\d+|\\.\\.) +(\\d+|\\.\\.)  ?(\\S+(?: \\S+)*)(?:  .*)?");
  private static final Pattern TITLE = Pattern.compile("(\\S[^,]*)(?:, (\\d+) bytes)?.*");

  /** One row. */
  public record Field(String name, int offset, int size) {}

  private final int size;
  private final List<Field> fields = new ArrayList<>();

  private ByteTable(int size) {
    this.size = size;
  }

  /** All tables in the comment of a package, by their titles up to the first comma. */
  public static Map<String, ByteTable> of(String packageName) throws IOException {
    Map<String, ByteTable> tables = new LinkedHashMap<>();
    ByteTable last = null;
    String title = "";
    boolean isTable = false;
    for (String line : Checkout.packageComment(packageName).split("\n")) {
      isTable = line.contains("<pre>") || isTable && !line.contains("</pre>");
      Matcher field = FIELD.matcher(line);
      if (isTable && field.matches()) {
        if (last == null) {
          Matcher named = TITLE.matcher(title);
          named.matches();
          last = new ByteTable(named.group(2) == null ? OPEN : number(named.group(2)));
          tables.put(named.group(1), last);
        }
        last.fields.add(new Field(field.group(3), number(field.group(1)), number(field.group(2))));
      } else {
        title = line;
        last = null;
      }
    }
    return tables;
  }

  /** As the title says; {@link #OPEN} if it says none. */
  public int size() {
    return size;
  }

  public List<Field> fields() {
    return fields;
  }

  public List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  public Field field(String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no field '" + name + "' in " + names()));
  }

  private static int number(String text) {
    return text.equals("..") ? OPEN : Integer.parseInt(text);
  }
}
