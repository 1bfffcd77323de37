package io.walsync.it.web;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The shop over HTTP, in plain text. */
@RestController
class ShopController {

  private final Shop shop;

  ShopController(Shop shop) {
    this.shop = shop;
  }

  /** Answers {@code <id> <total>} once the order is committed. */
  @PostMapping("/orders")
  String place(@RequestParam long client, @RequestParam long seq, @RequestParam int lines) {
    Shop.Receipt receipt = shop.place(client, seq, lines);
    return receipt.id() + " " + receipt.total();
  }

  @GetMapping("/orders/count")
  String count(@RequestParam long client) {
    return String.valueOf(shop.count(client));
  }
}
