package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaCollisionsTest {

  @TempDir Path folder;

  /** Each entry: what it stands for, then its replica. A trailing {@code +} means recursive. */
  @ParameterizedTest
  @CsvSource({
    "/d/a.db,       s3://b/p,      /d/b.db,     s3://b/p,       true",
    "/d/a.db,       s3://b/p,      /d/b.db,     s3://b/p/b.db,  false",
    "/d/a.db,       s3://b/p,      /d/b.db,     s3://c/p,       false",
    "/d/a.db,       /p,            /d/b.db,     file:///p,      true",
    "/d/a.db,       s3://b/p,      /d/b.db,     s3://b.minio:9/p, false",
    "/d *.db,       s3://b/p,      /d *.sqlite, s3://b/p,       false",
    "/d *.db,       s3://b/p,      /e *.db,     s3://b/p,       true",
    "/d *.db,       s3://b/p,      /e *.db,     s3://b/p/e,     false",
    "/d *.db +,     s3://b/p,      /e *.db,     s3://b/p/e,     true",
    "/d *.db +,     s3://b/p,      /d/e *.db,   s3://b/p/e,     false",
    "/d *.db,       s3://b/p,      /x/a.db,     s3://b/p/a.db,  true",
    "/x/a.db,       s3://b/p/a.db, /d *.db,     s3://b/p,       true",
    "/d *.db,       s3://b/p,      /x/a.db,     s3://b/p/a.txt, false",
    "/d *.db,       s3://b/p,      /x/a.db,     s3://b/p/x/a.db, false",
    "/d/a.db,       s3://b/p/a.db, /d *.db,     s3://b/p,       false",
    "/d *.db,       s3://b/p,      /x/a.db,     s3://b/pa.db,   false",
    "/d *.db,       s3://b/p,      /d *.db,     s3://b/q,       true",
    "/d/*.db,       s3://b/p,      /e/*.db,     s3://b/p,       true",
    "/d/*.db,       s3://b/p,      /d/*.sqlite, s3://b/p,       false",
    "/d *.db,       /,             /x/a.db,     /a.db,          true",
  })
  void twoDatabasesNeverShareAReplicaPath(
      String first, String firstReplica, String second, String secondReplica, boolean isCollision)
      throws Exception {
    String yaml = "dbs:\n" + entry(first, firstReplica) + entry(second, secondReplica);
    String problem = ConfigFile.of(folder, yaml).problem(java.util.Map.of());

    if (isCollision) {
      assertThat(problem).startsWith("c.yml:3:5: dbs[1]: ").contains("c.yml:2");
    } else {
      assertThat(problem).startsWith("no error");
    }
  }

  private static String entry(String database, String replica) {
    String[] words = database.split(" ");
    String what =
        words.length == 1
            ? "path: '" + words[0] + "'"
            : "dir: "
                + words[0]
                + ", pattern: '"
                + words[1]
                + "', recursive: "
                + (words.length == 3);
    return "  - {" + what + ", replica: {url: '" + replica + "'}}\n";
  }
}
