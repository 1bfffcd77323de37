package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.thirdparty.ShopClients.Order;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the shop has stored; reading it proves that no order is torn. */
final class ShopDatabase {

  private static final String TORN_PURCHASES =
      "SELECT p.id FROM purchase p WHERE p.total IS NOT (SELECT sum(l.amount) FROM order_line l"
          + " WHERE l.purchase_id = p.id) OR p.line_count <> (SELECT count(*) FROM order_line l"
          + " WHERE l.purchase_id = p.id)";
  private static final String TORN_ACCOUNTS =
      "SELECT a.id FROM account a WHERE a.balance IS NOT (SELECT sum(p.total) FROM purchase p"
          + " WHERE p.client = a.id)";

  private final Map<String, List<String>> purchases;
  private final Map<String, List<String>> lines;

  private ShopDatabase(Map<String, List<String>> purchases, Map<String, List<String>> lines) {
    this.purchases = purchases;
    this.lines = lines;
  }

  static ShopDatabase of(Path file) {
    Rows.checkIntegrity(file);
    boolean isComplete = Rows.hasTable(file, "purchase") && Rows.hasTable(file, "order_line");
    if (!isComplete) {
      return new ShopDatabase(Map.of(), Map.of());
    }
    assertThat(Rows.of(file, TORN_PURCHASES)).isEmpty();
    assertThat(Rows.of(file, TORN_ACCOUNTS)).isEmpty();
    return new ShopDatabase(
        Rows.of(file, "SELECT id, client, seq, line_count, total FROM purchase ORDER BY id"),
        Rows.of(file, "SELECT id, purchase_id, amount, article FROM order_line ORDER BY id"));
  }

  boolean hasAll(List<Order> placed) {
    return placed.stream().allMatch(this::has);
  }

  private boolean has(Order order) {
    return List.of(
            order.id(),
            String.valueOf(order.client()),
            String.valueOf(order.seq()),
            String.valueOf(order.lineCount()),
            order.total())
        .equals(purchases.get(order.id()));
  }

  /** Fails unless this is a state that {@code source} went through. */
  void isAStateOf(ShopDatabase source, List<Order> placed) {
    assertThat(new ArrayList<>(purchases.values()))
        .isEqualTo(beginning(source.purchases, purchases.size()));
    assertThat(new ArrayList<>(lines.values())).isEqualTo(beginning(source.lines, lines.size()));
    long last = purchases.size();
    for (Order order : placed) {
      assertThat(has(order)).as("%s", order).isEqualTo(Long.parseLong(order.id()) <= last);
    }
  }

  private static List<List<String>> beginning(Map<String, List<String>> rows, int count) {
    return new ArrayList<>(rows.values()).subList(0, count);
  }
}
