package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest {

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("position");
  }

  private PositionFile file() {
    return new PositionFile(Disk.REAL, path().toFile());
  }

  private static Position at(long txid) {
    return Position.before(txid);
  }

  @Test
  void withoutAFileThereIsNoPosition() throws Exception {
    assertThat(file().load()).isNull();
  }

  @Test
  void theNewestOfManyIsLoadedWhoeverSavedIt() throws Exception {
    for (int txid = 1; txid <= 5; txid++) {
      PositionFile file = file();
      file.load();
      file.save(at(txid), 0, txid % 2 == 0);
      assertThat(file().load().sealedTxid()).isEqualTo(txid);
      file.save(at(100 + txid), 0, false);
      assertThat(file().load().sealedTxid()).isEqualTo(100 + txid);
    }
    assertThat(Files.size(path())).isEqualTo(2 * PositionFile.SLOT_BYTES);
  }

  @Test
  void aKillBeforeAnyByteOfTheNextLeavesTheLast() throws Exception {
    PositionFile file = file();
    file.save(at(1), 0, false);
    file.save(at(2), 0, false);
    byte[] before = Files.readAllBytes(path());
    file.save(at(3), 0, false);
    Files.write(path(), before);
    assertThat(file().load().sealedTxid()).isEqualTo(2);
  }

  @Test
  void aFlippedBitAnywhereInATextIsNoticedAndTheNextSaveMakesItGood() throws Exception {
    PositionFile file = file();
    file.save(at(1), 0, false);
    file.save(at(2), 0, false);
    byte[] whole = Files.readAllBytes(path());
    for (int slot = 0; slot < 2; slot++) {
      int from = slot * PositionFile.SLOT_BYTES;
      for (int i = from; whole[i] != 0; i++) {
        byte[] flipped = whole.clone();
        flipped[i] ^= 4;
        Files.write(path(), flipped);
        PositionFile damaged = file();
        assertThatThrownBy(damaged::load).isInstanceOf(DamagedPositionException.class);
        damaged.save(at(9), 0, false);
        assertThat(file().load().sealedTxid()).isEqualTo(9);
      }
    }
  }

  @Test
  void anEmptyFileIsDamaged() throws Exception {
    Files.createFile(path());
    assertThatThrownBy(file()::load).isInstanceOf(DamagedPositionException.class);
  }
}
