package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*.db,        app.db,     true",
    "*.db,        .db,        true",
    "*.db,        app.db2,    false",
    "*,           app.db-wal, true",
    "*,           a/b,        false",
    "?.db,        a.db,       true",
    "?.db,        ab.db,      false",
    "[a-c].db,    b.db,       true",
    "[a-c].db,    d.db,       false",
    "[^a-c].db,   d.db,       true",
    "[^a-c].db,   b.db,       false",
    "[a^].db,     ^.db,       true",
    "[a\\-c].db,  -.db,       true",
    "[a\\-c].db,  b.db,       false",
    "[\\]].db,    ].db,       true",
    "\\*.db,      *.db,       true",
    "\\*.db,      a.db,       false",
    "a+(b).db,    a+(b).db,   true",
    "a.b,         axb,        false",
    "App.db,      app.db,     false",
  })
  void namesMatchAsInGo(String pattern, String name, boolean isMatch) {
    assertThat(Glob.ofName(pattern).matches(name)).isEqualTo(isMatch);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[a", "a[]", "[^]", "[a\\", "a\\", "[b-a]"})
  void aMalformedPatternIsRejected(String pattern) {
    assertThatThrownBy(() -> Glob.ofName(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "*.db,          app.db,      true",
    "*.db,          a/app.db,    false",
    "*/app.db,      a/app.db,    true",
    "*/app.db,      a/b/app.db,  false",
    "**/app.db,     app.db,      true",
    "**/app.db,     a/b/app.db,  true",
    "**/app.db,     a/bapp.db,   false",
    "a/**/b.db,     a/b.db,      true",
    "a/**/b.db,     a/x/y/b.db,  true",
    "a/**,          a/x/y,       true",
    "app?.db,       app1.db,     true",
    "app?.db,       app/.db,     false",
    "[a].*,         [a].db,      true",
    "[a].*,         a.db,        false",
  })
  void pathsMatchFolderByFolder(String pattern, String path, boolean isMatch) {
    assertThat(Glob.ofPath(pattern).matches(path)).isEqualTo(isMatch);
  }

  @Test
  void aLongNameAgainstManyStarsIsAnsweredAtOnce() {
    String pattern = "*a".repeat(12) + "b";
    assertThat(Glob.ofName(pattern).matches("a".repeat(60))).isFalse();
  }
}
