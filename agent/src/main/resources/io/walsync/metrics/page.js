"use strict";

/* Reads status.json every two seconds and shows it. Text of the agent's is only ever set as text. */

const PAUSE_MILLIS = 2000;

/* Five minutes: what has happened before the page was open, Prometheus knows. */
const MOST_SAMPLES = 150;

const ADVICE = {
  "starting": "Nothing of it can be restored yet, or the replica has not said what it holds. Wait; if it stays so, see the reason.",
  "paused": "A command has paused uploads: commits are on this machine only. The command resume ends that.",
  "store-down": "Commits are on this machine only, and uploaded when the store takes them again. See that it does.",
  "in-doubt": "The last commit is not in the store. The next statement of the application tells whether it counts.",
  "suspended": "Commits are on this machine only. It is tried again and catches up by itself when the reason is gone.",
  "fenced": "Commits are on this machine only. Stop both applications and decide which database is right.",
  "refused": "It is not replicated until somebody acts: see the reason, and keep a copy of the database.",
  "left": "The agent is leaving the process.",
  "away": "The application has needed it for itself for more than a minute."
};

const cards = new Map();
let answered = 0;

function element(tag, className, parent) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (parent) {
    parent.append(made);
  }
  return made;
}

function put(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function bytes(count) {
  if (count === null) {
    return "unknown";
  }
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let value = count;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return (unit === 0 ? value : value.toFixed(1)) + " " + units[unit];
}

function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 120) {
    return s + " s";
  }
  if (s < 7200) {
    return Math.round(s / 60) + " min";
  }
  return s < 172800 ? Math.round(s / 3600) + " h" : Math.round(s / 86400) + " days";
}

function time(text, now) {
  if (text === null) {
    return "unknown";
  }
  const at = text.slice(0, 10) + " " + text.slice(11, 19) + " UTC";
  return span((now - Date.parse(text)) / 1000) + " ago, " + at;
}

function card(path) {
  const known = cards.get(path);
  if (known) {
    return known;
  }
  const article = element("article", "", null);
  const heading = element("h2", "", article);
  put(heading, path);
  const made = {
    article: article,
    state: element("p", "state", article),
    risk: element("p", "risk", article),
    chart: chart(article),
    facts: new Map(),
    list: element("dl", "", article),
    requests: null,
    samples: []
  };
  const details = element("details", "", article);
  put(element("summary", "", details), "What was asked of the store");
  const table = element("table", "", details);
  const row = element("tr", "", element("thead", "", table));
  for (const [name, className] of [["request", ""], ["answer", ""], ["count", "number"], ["bytes", "number"]]) {
    const head = element("th", className, row);
    head.scope = "col";
    put(head, name);
  }
  made.requests = element("tbody", "", table);
  cards.set(path, made);
  return made;
}

function chart(parent) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 " + (MOST_SAMPLES - 1) + " 30");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  const line = document.createElementNS(space, "polyline");
  svg.append(line);
  parent.append(svg);
  return {svg: svg, line: line, text: element("p", "soft", parent)};
}

function draw(shown, lag) {
  shown.samples.push(lag);
  if (shown.samples.length > MOST_SAMPLES) {
    shown.samples.shift();
  }
  const most = Math.max(...shown.samples);
  const first = MOST_SAMPLES - shown.samples.length;
  shown.chart.line.setAttribute(
    "points",
    shown.samples.map((each, i) => (first + i) + "," + (29 - 28 * each / Math.max(most, 10))).join(" "));
  const text = "Lag " + span(lag) + ", at most " + span(most) + " while this page is open";
  shown.chart.svg.setAttribute("aria-label", text);
  put(shown.chart.text, text);
}

function fact(shown, name, value) {
  let node = shown.facts.get(name);
  if (!node) {
    put(element("dt", "", shown.list), name);
    node = element("dd", "", shown.list);
    shown.facts.set(name, node);
  }
  put(node, value);
}

function show(database) {
  const now = Date.parse(database.time);
  const shown = card(database.path);
  shown.article.className = database.fine ? "fine" : "";
  put(shown.state, (database.fine ? "Fine: " : "Not fine: ") + database.state);
  const advice = database.fine ? "" : ADVICE[database.state] || "";
  put(shown.risk, [database.reason, advice].filter(each => each).join(". "));
  shown.risk.hidden = !shown.risk.textContent;
  draw(shown, database.lag_seconds);
  fact(shown, "Waits for the store", bytes(database.staged_bytes) + " of " + bytes(database.staging_limit_bytes));
  fact(shown, "Restorable to", time(database.durable_time, now));
  fact(shown, "Restorable from", time(database.restorable_from, now));
  fact(shown, "Replica whole at", time(database.checked_time, now));
  fact(shown, "Newest TXID there", database.durable_txid);
  fact(shown, "Last snapshot", time(database.snapshot_time, now));
  fact(shown, "Replica", (database.replica_files === null ? "" : database.replica_files + " files, " + bytes(database.replica_bytes) + ", ") + database.replica);
  fact(shown, "WAL", bytes(database.wal_bytes));
  fact(shown, "Failures", database.failures + (database.last_failure ? ", the last " + time(database.last_failure_time, now) + ": " + database.last_failure : ""));
  requests(shown.requests, database.requests);
  return shown.article;
}

function requests(body, all) {
  while (body.rows.length > all.length) {
    body.deleteRow(-1);
  }
  all.forEach((each, i) => {
    const row = body.rows[i] || body.insertRow();
    [each.operation, each.code, String(each.count), each.bytes ? bytes(each.bytes) : ""].forEach((text, column) => {
      const cell = row.cells[column] || element("td", column < 2 ? "" : "number", row);
      put(cell, text);
    });
  });
}

function all(status) {
  const place = document.getElementById("databases");
  const wanted = [...status.databases].sort((a, b) => a.fine - b.fine).map(show);
  wanted.forEach((article, i) => {
    if (place.children[i] !== article) {
      place.insertBefore(article, place.children[i] || null);
    }
  });
  for (const [path, shown] of cards) {
    if (!wanted.includes(shown.article)) {
      shown.article.remove();
      cards.delete(path);
    }
  }
  const bad = status.databases.filter(each => !each.fine).length;
  const more = status.count - status.databases.length;
  let text = status.count === 0
    ? "The application has opened no database of the configuration yet."
    : bad === 0
      ? (status.count === 1 ? "The database is fine." : "All " + status.count + " databases are fine.")
      : bad + " of " + status.count + " databases not fine.";
  if (more > 0) {
    text += " " + more + " more are not shown.";
  }
  put(document.getElementById("summary"), text);
  document.title = (bad === 0 ? "" : "(" + bad + ") ") + "Walsync";
  if (status.version) {
    put(
      document.getElementById("agent"),
      status.version + " on Java " + status.java + ", sqlite-jdbc " + (status.sqlite_jdbc || "unknown") + ", SQLite "
        + (status.sqlite || "unknown") + ", since " + status.since + ", with " + status.config);
    const unopened = document.getElementById("unopened");
    unopened.hidden = status.unopened.length === 0;
    put(unopened, "Configured, but not opened so far: " + status.unopened.join(", "));
  }
}

async function turn() {
  try {
    const answer = await fetch("status.json", {cache: "no-store"});
    if (!answer.ok) {
      throw new Error("status " + answer.status);
    }
    all(await answer.json());
    answered = Date.now();
  } catch (failure) {
    put(
      document.getElementById("summary"),
      answered === 0
        ? "The agent does not answer."
        : "The agent has not answered since " + new Date(answered).toISOString() + ". What is below is of then.");
    document.title = "(?) Walsync";
  }
  setTimeout(turn, PAUSE_MILLIS);
}

turn();
