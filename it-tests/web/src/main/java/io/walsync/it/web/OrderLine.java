package io.walsync.it.web;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;

/** One article of an order. */
@Entity
@SuppressWarnings("UnusedVariable") // fields are the database's to read
class OrderLine {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  @ManyToOne(optional = false)
  @JoinColumn(name = "purchase_id")
  private Purchase purchase;

  private long amount;

  @Column(length = 4000)
  private String article;

  protected OrderLine() {}

  OrderLine(Purchase purchase, long amount, String article) {
    this.purchase = purchase;
    this.amount = amount;
    this.article = article;
  }
}
