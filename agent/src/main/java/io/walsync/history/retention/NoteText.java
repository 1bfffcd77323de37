package io.walsync.history.retention;

import io.walsync.io.Json;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A note as it is stored: a JSON object of texts and whole numbers. */
final class NoteText {

  private final String text;

  NoteText(byte[] content) {
    this.text = new String(content, StandardCharsets.UTF_8);
  }

  static byte[] bytes(Json json) {
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Without anything that JSON would have to escape; null if there is none. */
  @Nullable String string(String member) {
    Matcher matcher =
        Pattern.compile(Pattern.quote("\"" + member + "\"") + "\\s*:\\s*\"([^\"\\\\]*)\"")
            .matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** -1 if there is none. */
  long number(String member) {
    Matcher matcher =
        Pattern.compile(Pattern.quote("\"" + member + "\"") + "\\s*:\\s*(\\d{1,18})").matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
  }
}
