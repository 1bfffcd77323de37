package io.walsync;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.walsync");

  @Test
  void arrowsPointDownAndNothingPointsBack() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.walsync..")
        .layer("agent")
        .definedBy("io.walsync.agent..")
        .layer("cli")
        .definedBy("io.walsync.cli..")
        .layer("store")
        .definedBy("io.walsync.store..")
        .layer("db")
        .definedBy("io.walsync.db")
        .layer("events")
        .definedBy("io.walsync.db.events..")
        .layer("history")
        .definedBy("io.walsync.history..")
        .layer("restore")
        .definedBy("io.walsync.restore..")
        .layer("checkpoint")
        .definedBy("io.walsync.checkpoint..")
        .layer("staging")
        .definedBy("io.walsync.staging..")
        .layer("capture")
        .definedBy("io.walsync.capture..")
        .layer("hook")
        .definedBy("io.walsync.hook..")
        .layer("host")
        .definedBy("io.walsync.host..")
        .layer("sqlite")
        .definedBy("io.walsync.sqlite..")
        .layer("replica")
        .definedBy("io.walsync.replica..")
        .layer("config")
        .definedBy("io.walsync.config..")
        .layer("ltx")
        .definedBy("io.walsync.ltx..")
        .layer("wal")
        .definedBy("io.walsync.wal..")
        .layer("io")
        .definedBy("io.walsync.io..")
        .layer("weave")
        .definedBy("io.walsync.weave..")
        .layer("bootstrap")
        .definedBy("io.walsync.bootstrap..")
        .whereLayer("agent")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("weave")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("bootstrap")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("agent", "cli")
        .whereLayer("db")
        .mayOnlyBeAccessedByLayers("store", "agent")
        .whereLayer("events")
        .mayOnlyBeAccessedByLayers("db", "store", "agent", "staging")
        .whereLayer("history")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("restore")
        .mayOnlyBeAccessedByLayers("db", "cli", "history")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("db")
        .whereLayer("staging")
        .mayOnlyBeAccessedByLayers("db")
        .whereLayer("capture")
        .mayOnlyBeAccessedByLayers("db", "staging", "checkpoint")
        .whereLayer("hook")
        .mayOnlyBeAccessedByLayers("db", "store", "agent")
        .whereLayer("host")
        .mayOnlyBeAccessedByLayers("db", "store")
        .whereLayer("sqlite")
        .mayOnlyBeAccessedByLayers("checkpoint", "db")
        .whereLayer("wal")
        .mayOnlyBeAccessedByLayers("capture", "checkpoint", "db")
        .check(CLASSES);
  }

  @Test
  void onlyTheHostsDriverAndTheCommandLineSpeakSql() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.walsync.sqlite..", "io.walsync.cli..", "io.walsync.bootstrap..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.sql..", "org.sqlite..")
                .and(not(assignableTo(SQLException.class))))
        .because("one SQLite in a process, and one place where it is called (I3)")
        .check(CLASSES);
  }

  @Test
  void formatsArePure() {
    noClasses()
        .that()
        .resideInAnyPackage("io.walsync.ltx..", "io.walsync.wal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.net..", "java.sql..")
        .check(CLASSES);
  }

  @Test
  void theWeaverSeesOnlyTheBridgeAndTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("io.walsync.weave..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.walsync.agent..", "io.walsync.db..", "io.walsync.hook..")
        .check(CLASSES);
  }
}
