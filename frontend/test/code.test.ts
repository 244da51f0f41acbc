import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { asPython, pythonQuoted, shellQuoted } from "../src/code";

const NASTY = [
  "it's", '"', '""', '"""', 'a"""b""""', "\\", "\\\\'", '\\"', 'ends with "\n"', "$HOME `id` $(id) !x", "a\nb\r\nc\td", "ü 😀 \u2028",
  "# not a comment\n", "%s {x}", "\\N{DIGIT ONE} \\x41", "-n", "\n", " ",
]; // prettier-ignore

test("a text survives the shell", () => {
  for (const text of NASTY) {
    const { stdout } = spawnSync("sh", ["-c", `printf %s ${shellQuoted(text)}`], { encoding: "utf8" });
    assert.equal(stdout, text);
  }
});

test("a text survives Python", { skip: spawnSync("python3", ["--version"]).error ? "needs python3" : false }, () => {
  const script = `import json\nprint(json.dumps([${NASTY.map(pythonQuoted).join(",\n")}]))`;
  const { stdout, stderr } = spawnSync("python3", ["-c", script], { encoding: "utf8" });
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), NASTY);
});

test("the script asks for what the form of the query gives", () => {
  const formats = {
    results: [{ name: "JSON", suffix: "srj", mediaType: "application/sparql-results+json" }],
    rdf: [{ name: "Turtle", suffix: "ttl", mediaType: "text/turtle" }],
  };
  const settings = { endpoint: "http://127.0.0.1/sparql", long: 4000, first: "", formats };
  const script = asPython(settings, { query: "DESCRIBE <http://e/>", dataset: [["default-graph-uri", "http://e/g"]], seconds: "5" });
  assert.match(script, /setReturnFormat\(TURTLE\)/);
  assert.match(script, /addDefaultGraph\("http:\/\/e\/g"\)/);
  assert.match(script, /addParameter\("timeout", "5"\)/);
});
