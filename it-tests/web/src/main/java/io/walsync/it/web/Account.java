package io.walsync.it.web;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

/** A client's account: the sum of its orders. */
@Entity
class Account {

  @Id private long id;

  @SuppressWarnings("UnusedVariable") // the database's to read
  private long balance;

  @Version private long version;

  protected Account() {}

  Account(long id) {
    this.id = id;
  }

  void charge(long amount) {
    balance += amount;
  }
}
