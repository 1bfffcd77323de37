package io.walsync.it.containers;

import io.walsync.it.app.WriterApp;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where applications live, and how {@link WriterApp} is deployed there. */
enum Container {
  CLASS_PATH("class path", 8) {
    @Override
    DeployedApp start(Host host) {
      return new DeployedApp(classPath(host).start(), "");
    }
  },

  MODULE_PATH("module path", Host.MODULES_SINCE) {
    @Override
    DeployedApp start(Host host) {
      Path application = ApplicationModule.build(host);
      ForkedJvm.Builder builder =
          ForkedJvm.ofModule(ApplicationModule.NAME, WriterApp.class)
              .classPath(application, host.driver(), Parts.slf4j())
              .arguments(host.database(), host.journal());
      return new DeployedApp(host.complete(builder).start(), "");
    }
  },

  SPRING_BOOT_2("Spring Boot 2.7 fat jar", 8) {
    @Override
    DeployedApp start(Host host) {
      return boot(host, "spring-boot-2.7", "org.springframework.boot.loader.JarLauncher");
    }
  },

  SPRING_BOOT_4("Spring Boot 4.1 fat jar", 17) {
    @Override
    DeployedApp start(Host host) {
      return boot(host, "spring-boot-4.1", "org.springframework.boot.loader.launch.JarLauncher");
    }
  },

  TOMCAT_9("Tomcat 9.0 WAR", 8) {
    @Override
    DeployedApp start(Host host) {
      return tomcat(host, "tomcat-9.0", WebApplication.Api.JAVAX);
    }
  },

  TOMCAT_11("Tomcat 11.0 WAR", 17) {
    @Override
    DeployedApp start(Host host) {
      return tomcat(host, "tomcat-11.0", WebApplication.Api.JAKARTA);
    }
  },

  OSGI_EMBEDDED("OSGi, driver inside the bundle", 8) {
    @Override
    DeployedApp start(Host host) {
      JarBuilder bundle =
          bundle("org.osgi.framework")
              .attribute("Bundle-ClassPath", ".," + "lib/" + host.driver().getFileName())
              .nested("lib/", host.driver());
      return felix(host, List.of(bundle.writeTo(host.folder().resolve("writer.jar"))));
    }
  },

  OSGI_BUNDLES("OSGi, driver as a bundle", 8) {
    @Override
    DeployedApp start(Host host) {
      JarBuilder bundle = bundle("org.osgi.framework,org.sqlite");
      return felix(
          host, List.of(host.driver(), bundle.writeTo(host.folder().resolve("writer.jar"))));
    }
  };

  private final String title;
  private final int oldestJava;

  Container(String title, int oldestJava) {
    this.title = title;
    this.oldestJava = oldestJava;
  }

  /** Starts it with the application in it, ready for commands. */
  abstract DeployedApp start(Host host);

  boolean runsOn(int feature) {
    return feature >= oldestJava;
  }

  @Override
  public String toString() {
    return title;
  }

  /** For those who want to add something. */
  static ForkedJvm.Builder classPath(Host host) {
    return host.complete(
        ForkedJvm.of(WriterApp.class)
            .classPath(Parts.applicationFolder(), host.driver(), Parts.slf4j())
            .arguments(host.database(), host.journal()));
  }

  private static DeployedApp boot(Host host, String version, String launcher) {
    JarBuilder jar =
        new JarBuilder()
            .attribute("Main-Class", launcher)
            .attribute("Start-Class", Parts.BOOT_APPLICATION)
            .attribute("Spring-Boot-Classes", "BOOT-INF/classes/")
            .attribute("Spring-Boot-Lib", "BOOT-INF/lib/");
    Parts.container(version + "/loader").forEach(jar::contentOf);
    jar.application("BOOT-INF/classes/", Parts.BOOT_APPLICATION);
    List<Path> libraries = new ArrayList<>(Parts.container(version + "/lib"));
    libraries.addAll(List.of(host.driver(), Parts.slf4j()));
    libraries.forEach(library -> jar.nested("BOOT-INF/lib/", library));
    ForkedJvm.Builder builder =
        ForkedJvm.ofJar(jar.writeTo(host.folder().resolve("application.jar")))
            .property("spring.main.banner-mode", "off")
            .arguments(host.database(), host.journal());
    return new DeployedApp(host.complete(builder).start(), "");
  }

  private static DeployedApp tomcat(Host host, String version, WebApplication.Api api) {
    Path folder =
        new WebApplication(host.folder().resolve("webapp"), api, host.driver())
            .parameter("database", host.database())
            .parameter("journal", host.journal())
            .explode();
    ForkedJvm jvm = emptyTomcat(host, version);
    jvm.ask("deploy app " + folder);
    return new DeployedApp(jvm, "app ");
  }

  /** A Tomcat with nothing in it. */
  static ForkedJvm emptyTomcat(Host host, String version) {
    ForkedJvm.Builder builder =
        ForkedJvm.of(Parts.TOMCAT_HOST)
            .classPath(Parts.applicationFolder())
            .classPath(Parts.container(version).toArray(Path[]::new))
            .arguments(Folders.create(host.folder().resolve("tomcat")));
    return host.complete(builder).start();
  }

  private static JarBuilder bundle(String imports) {
    return new JarBuilder()
        .attribute("Bundle-ManifestVersion", "2")
        .attribute("Bundle-SymbolicName", "writer")
        .attribute("Bundle-Version", "1")
        .attribute("Bundle-Activator", Parts.WRITER_BUNDLE)
        .attribute("Import-Package", imports)
        .application("", Parts.WRITER_BUNDLE);
  }

  private static DeployedApp felix(Host host, List<Path> bundles) {
    ForkedJvm.Builder builder =
        ForkedJvm.of(Parts.FELIX_HOST)
            .classPath(Parts.applicationFolder())
            .classPath(Parts.container("felix-7.0").toArray(Path[]::new))
            .arguments(host.folder().resolve("felix"), host.database(), host.journal())
            .arguments(bundles.toArray());
    return new DeployedApp(host.complete(builder).start(), "");
  }
}
