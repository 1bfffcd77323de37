package io.walsync.it.web;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Places orders and counts them. */
@Service
class Shop {

  private static final String ARTICLE = "article ".repeat(40);

  private final Accounts accounts;
  private final Purchases purchases;

  Shop(Accounts accounts, Purchases purchases) {
    this.accounts = accounts;
    this.purchases = purchases;
  }

  @Transactional
  public Receipt place(long client, long seq, int lineCount) {
    Account account = accounts.findById(client).orElseGet(() -> new Account(client));
    Purchase purchase = new Purchase(client, seq);
    for (int line = 0; line < lineCount; line++) {
      purchase.add(client * 1_000_003 + seq * 31 + line, ARTICLE + line);
    }
    account.charge(purchase.total());
    accounts.save(account);
    Purchase saved = purchases.save(purchase);
    return new Receipt(saved.id(), saved.total());
  }

  @Transactional(readOnly = true)
  public long count(long client) {
    return purchases.countByClient(client);
  }

  record Receipt(long id, long total) {}
}
