package io.walsync.it.container;

import io.walsync.it.app.WriterApp;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The writer as a Spring Boot application. Arguments: the database, the journal, then Spring's own.
 */
@Configuration
public class BootApplication {

  public static void main(String[] args) {
    SpringApplication.run(BootApplication.class, args);
  }

  /** The writer, once the context is up; its end is the application's. */
  @Bean
  ApplicationRunner writer() {
    return arguments -> {
      String[] own = arguments.getNonOptionArgs().toArray(new String[0]);
      WriterApp.at(own[0], own[1]).serve();
    };
  }
}
