package io.walsync.it.web;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import java.util.ArrayList;
import java.util.List;

/** An order: one transaction over three tables. */
@Entity
@SuppressWarnings("UnusedVariable") // fields are the database's to read
@Table(uniqueConstraints = @UniqueConstraint(columnNames = {"client", "seq"}))
class Purchase {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private long client;
  private long seq;
  private long total;
  private int lineCount;

  @OneToMany(mappedBy = "purchase", cascade = CascadeType.ALL)
  private List<OrderLine> lines = new ArrayList<>();

  protected Purchase() {}

  Purchase(long client, long seq) {
    this.client = client;
    this.seq = seq;
  }

  void add(long amount, String article) {
    lines.add(new OrderLine(this, amount, article));
    total += amount;
    lineCount++;
  }

  Long id() {
    return id;
  }

  long total() {
    return total;
  }
}
