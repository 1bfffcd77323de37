package io.walsync.it.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Prints {@code port <n>} when it serves. */
@SpringBootApplication
public class WebApp {

  private final Environment environment;

  WebApp(Environment environment) {
    this.environment = environment;
  }

  public static void main(String[] args) {
    SpringApplication.run(WebApp.class, args);
  }

  @EventListener(ApplicationReadyEvent.class)
  void serving() {
    System.out.println("port " + environment.getProperty("local.server.port"));
  }
}
