package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AttachedNamesTest {

  @Test
  void stringsAreRead() {
    assertThat(AttachedNames.of("ATTACH '/a/b.db' AS x")).containsExactly("/a/b.db");
    assertThat(AttachedNames.of("attach database \"it's.db\" as x")).containsExactly("it's.db");
    assertThat(AttachedNames.of("ATTACH 'it''s.db'AS x")).containsExactly("it's.db");
    assertThat(
            AttachedNames.of("ATTACH\n'a'\tAS x; ATTACH 'b' AS y".getBytes(StandardCharsets.UTF_8)))
        .containsExactly("a", "b");
  }

  @Test
  void stringsAreReadInEveryFormThatSqliteTakes() {
    for (String sql :
        new String[] {
          "attach /* c */ 'a b' as x",
          "ATTACH\n--c\n'a b' AS x",
          "attach'a b'as x",
          "ATTACH DATABASE'a b'AS[x]",
          "ATTACH ('a b') AS x",
          "ATTACH((\"a b\"))AS x",
          "ATTACH [a b] AS x",
          "ATTACH `a b` AS x",
          ";attach 'a b' as x",
        }) {
      assertThat(AttachedNames.of(sql)).as(sql).containsExactly("a b");
    }
  }

  @Test
  void whatCannotBeReadIsSaidToBeThere() {
    assertThat(AttachedNames.of("ATTACH ? AS x")).containsExactly((String) null);
    assertThat(AttachedNames.of("ATTACH 'a' || 'b' AS x")).containsExactly((String) null);
    assertThat(AttachedNames.of("ATTACH lower('a') AS x")).containsExactly((String) null);
    assertThat(AttachedNames.of("ATTACH 'a' AS x; ATTACH ? AS y")).containsExactly("a", null);
  }

  @Test
  void otherStatementsNameNothing() {
    assertThat(AttachedNames.of("DETACH x")).isEmpty();
    assertThat(AttachedNames.of("INSERT INTO attachments VALUES('a')")).isEmpty();
    assertThat(AttachedNames.of("close")).isEmpty();
  }
}
