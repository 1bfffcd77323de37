package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Pgno;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import org.junit.jupiter.api.Test;

class PageClaimsTest {

  private static final LtxFileInfo FILE =
      new LtxFileInfo(9, Txid.FIRST, Txid.FIRST, Long.MAX_VALUE, 0);

  private static PageClaims of(int commit, int pageSize) throws Exception {
    PageClaims claims = new PageClaims();
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(pageSize)
            .commit(commit)
            .minTxid(Txid.FIRST)
            .maxTxid(Txid.FIRST)
            .build();
    claims.begin(FILE, header, Long.MAX_VALUE);
    return claims;
  }

  @Test
  void everyPageAtEveryEdgeIsMissedIfItIsNotThere() throws Exception {
    int commit = 3 * 65536 + 10;
    for (int missing : new int[] {1, 2, 65535, 65536, 65537, 131071, 131072, commit}) {
      PageClaims claims = of(commit, 4096);
      for (int pgno = 1; pgno <= commit; pgno++) {
        if (pgno != missing) {
          assertThat(claims.claim(pgno)).isTrue();
        }
      }
      assertThat(claims.claim(missing == 1 ? 2 : 1)).isFalse();
      assertThatThrownBy(claims::checkComplete).hasMessageContaining("page " + missing + " is in");
      claims.claim(missing);
      assertThatCode(claims::checkComplete).doesNotThrowAnyException();
    }
  }

  @Test
  void theLockPageIsNotMissed() throws Exception {
    int lockPage = Pgno.lockPage(65536);
    PageClaims claims = of(lockPage + 1, 65536);
    for (int pgno = 1; pgno <= lockPage + 1; pgno++) {
      if (pgno != lockPage) {
        claims.claim(pgno);
      }
    }
    assertThatCode(claims::checkComplete).doesNotThrowAnyException();
  }

  @Test
  void aPageFarOutIsClaimedOnce() throws Exception {
    PageClaims claims = of(Integer.MAX_VALUE, 4096);
    assertThat(claims.claim(Integer.MAX_VALUE - 5)).isTrue();
    assertThat(claims.claim(Integer.MAX_VALUE - 5)).isFalse();
    assertThatThrownBy(claims::checkComplete).hasMessageContaining("page 1 is in no file");
  }
}
