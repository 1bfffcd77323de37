package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpansionTest {

  private final Expansion expansion = Expansion.from(Map.of("A", "1", "B_2", "two", "D", "$A"));

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "$A, 1",
    "${A}, 1",
    "x$A-y, x1-y",
    "x${A}y, x1y",
    "$A$A, 11",
    "${B_2}, two",
    "$B_2.db, two.db",
    "$D, $A",
    "a$, a$",
    "a$.b, a$.b",
    "$ A, $ A",
    "$/x, $/x",
  })
  void variablesAreReplacedAsInGo(String text, String expanded) {
    List<String> unset = new ArrayList<>();
    assertThat(expansion.expand(Expansion.mask(text), unset)).isEqualTo(expanded);
    assertThat(unset).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"x$NO, x, NO", "x${NO}y, xy, NO", "a$1b, ab, 1", "a$-b, ab, -"})
  void anUnsetVariableIsNothing(String text, String expanded, String name) {
    List<String> unset = new ArrayList<>();
    assertThat(expansion.expand(Expansion.mask(text), unset)).isEqualTo(expanded);
    assertThat(unset).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${", "a${A", "${}"})
  void aBraceThatNamesNothingIsRejected(String text) {
    assertThatThrownBy(() -> expansion.expand(Expansion.mask(text), new ArrayList<>()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"$$, $", "pa$$word, pa$word", "$$$A, $1", "$$A, $A", "$$$$, $$", "$${A}, ${A}"})
  void twoDollarsAreOne(String text, String expanded) {
    List<String> unset = new ArrayList<>();
    assertThat(Expansion.from(Map.of("A", "1")).expand(Expansion.mask(text), unset))
        .isEqualTo(expanded);
    assertThat(unset).isEmpty();
  }

  @Test
  void maskingKeepsEveryColumn() {
    String text = "a: {b: ${A}, c: '${B_2}'} # ${x\n}";
    assertThat(Expansion.mask(text)).hasSameSizeAs(text).doesNotContain("${A}");
    assertThat(Expansion.unmask(Expansion.mask(text))).isEqualTo(text);
  }

  @Test
  void theProcessIdIsBuiltIn() {
    assertThat(expansion.expand("$PID", new ArrayList<>()))
        .isEqualTo(String.valueOf(ProcessHandle.current().pid()));
  }

  @Test
  void nothingIsReplacedWithoutAnEnvironment() {
    assertThat(Expansion.none().expand(Expansion.mask("$A ${A} ${"), new ArrayList<>()))
        .isEqualTo("$A ${A} ${");
  }
}
