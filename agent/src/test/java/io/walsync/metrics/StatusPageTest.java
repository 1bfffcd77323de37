package io.walsync.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Health;
import io.walsync.status.AgentFacts;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class StatusPageTest {

  private static final AgentFacts AGENT =
      new AgentFacts("1.2", "17", "3.50.3.0", null, "/w.yml", 1, List.of("/never.db"));

  @TempDir private Path folder;
  private volatile List<DbStatus> databases = new ArrayList<>(MetricsPageTest.many(1));
  private MetricsServer server;

  @BeforeEach
  void open() throws IOException {
    server = MetricsServer.open(null, 0, () -> databases, () -> AGENT, false);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.port() + "/";
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "'', text/html; charset=utf-8",
    "page.css, text/css; charset=utf-8",
    "page.js, text/javascript; charset=utf-8",
    "status.json, application/json; charset=utf-8"
  })
  void eachPartHasItsTypeAndMayLoadNothingFromElsewhere(String path, String type) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains(type);
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
        .doesNotContainPattern("https?://");
  }

  @Test
  void thePageHasNoScriptOrStyleOfItsOwnLine() throws Exception {
    assertThat(get("").body())
        .doesNotContainPattern("<script(?! src=\"page.js\" defer></script>)")
        .doesNotContainPattern("<style|style=|onclick|javascript:")
        .contains("<html lang=\"en\">", "role=\"status\"", "name=\"viewport\"");
    assertThat(get("page.js").body()).doesNotContainPattern("innerHTML|outerHTML|eval\\(|write\\(");
  }

  @Test
  void theValuesAreThoseOfTheCommand() throws Exception {
    Map<?, ?> values = json();
    assertThat(values.get("count")).isEqualTo(1);
    assertThat(values.get("version")).isEqualTo("1.2");
    assertThat(values.get("unopened")).isEqualTo(List.of("/never.db"));
    Map<?, ?> database = (Map<?, ?>) ((List<?>) values.get("databases")).get(0);
    assertThat(database.get("path")).isEqualTo("/0.db");
    assertThat(database.get("state")).isEqualTo("replicating");
    assertThat(database.get("replica_files")).isEqualTo(9);
  }

  @Test
  void ofManyDatabasesThoseThatDoNotDoWellAreShown() throws Exception {
    List<DbStatus> many = MetricsPageTest.many(StatusPage.MOST_DATABASES);
    many.add(bad("/bad.db"));
    databases = many;
    Map<?, ?> values = json();
    assertThat(values.get("count")).isEqualTo(StatusPage.MOST_DATABASES + 1);
    List<?> shown = (List<?>) values.get("databases");
    assertThat(shown).hasSize(StatusPage.MOST_DATABASES);
    assertThat(((Map<?, ?>) shown.get(0)).get("path")).isEqualTo("/bad.db");
    assertThat(values.get("fine")).isEqualTo(false);
  }

  @Test
  void aBrowserShowsWhatTheAgentSays() throws Exception {
    assumeTrue(isThere("chromium"), "chromium is not on the PATH");
    databases.add(bad("/<img src=x onerror=alert(1)>.db"));
    String page = inBrowser();
    assertThat(page)
        .contains("1 of 2 databases not fine.")
        .contains("<h2>/0.db</h2>")
        .contains("Fine: replicating")
        .contains("<h2>/&lt;img src=x onerror=alert(1)&gt;.db</h2>")
        .contains("Not fine: store-down")
        .contains("no route. Commits are on this machine only")
        .contains("1.2 on Java 17, sqlite-jdbc 3.50.3.0, SQLite unknown")
        .contains("Configured, but not opened so far: /never.db")
        .containsPattern("<polyline points=\"[0-9., ]+\">")
        .doesNotContain("NaN", "undefined", "null");
  }

  private String inBrowser() throws Exception {
    Path shown = folder.resolve("page.html");
    Process browser =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=3000",
                "--dump-dom",
                url())
            .redirectOutput(shown.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    assertThat(browser.waitFor()).isZero();
    return Files.readString(shown, StandardCharsets.UTF_8);
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static DbStatus bad(String path) {
    return DbStatus.builder(new File(path), "s3://bucket/app")
        .health(Health.STORE_DOWN, 1_700_000_100_000L)
        .state("REPLICATING", 0)
        .unstoredSince(1_700_000_038_000L)
        .staged(4096, new File("/staging"))
        .stagingLimit(1 << 30)
        .obstacle("the words")
        .failures(3, "no route", 1_700_000_099_000L)
        .storeDownSince(1_700_000_040_000L)
        .build();
  }

  private Map<?, ?> json() throws Exception {
    Load reader = new Load(LoadSettings.builder().build());
    return (Map<?, ?>) reader.loadFromString(get("status.json").body());
  }
}
