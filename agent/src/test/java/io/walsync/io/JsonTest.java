package io.walsync.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void membersAndElementsAreIndented() {
    Json json =
        new Json()
            .beginObject()
            .member("text", "a")
            .member("none", null)
            .member("number", -5)
            .member("bool", true)
            .name("list")
            .beginArray()
            .element()
            .beginObject()
            .member("x", 1)
            .endObject()
            .element()
            .beginArray()
            .endArray()
            .endArray()
            .name("empty")
            .beginObject()
            .endObject()
            .endObject();

    assertThat(json)
        .hasToString(
            """
            {
              "text": "a",
              "none": null,
              "number": -5,
              "bool": true,
              "list": [
                {
                  "x": 1
                },
                []
              ],
              "empty": {}
            }""");
  }

  @Test
  void whatJsonCannotHoldIsEscaped() {
    String text = "\"\\/\n\t\u0000\u001fä€\uD83D\uDE00\uD83Dx\uDE00";
    assertThat(new Json().beginObject().member("k", text).endObject())
        .hasToString(
            "{\n  \"k\": \"\\\"\\\\/\\u000a\\u0009\\u0000\\u001fä€\uD83D\uDE00\\ud83dx\\ude00\"\n}");
  }
}
