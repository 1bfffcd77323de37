package io.walsync.it.web;

import org.springframework.data.jpa.repository.JpaRepository;

interface Purchases extends JpaRepository<Purchase, Long> {

  long countByClient(long client);
}
