/** A question as code that runs: a line for a shell, and a script in Python. */
import { fields, type Question } from "./endpoint";
import { formOf } from "./lexer";
import type { Settings } from "./settings";

/** A word of a POSIX shell: nothing within single quotes means anything but itself. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A literal of Python, over several lines if the text has some. */
export function pythonQuoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\r", "\\r").replaceAll("\0", "\\x00");
  if (!escaped.includes("\n")) return `"${escaped.replaceAll('"', '\\"')}"`;
  return `"""${escaped.replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"')}"""`;
}

/** For a shell; curl needs no more. */
export function asCurl(settings: Settings, question: Question): string {
  const { mediaType } = preferred(settings, question);
  const lines = [
    "curl -sS",
    `-H ${shellQuoted(`Accept: ${mediaType}`)}`,
    ...fields(question).map(([name, value]) => `--data-urlencode ${shellQuoted(`${name}=${value}`)}`),
    shellQuoted(settings.endpoint),
  ];
  return lines.join(" \\\n  ");
}

/** For Python with the library SPARQLWrapper. */
export function asPython(settings: Settings, question: Question): string {
  const isRdf = preferred(settings, question) === settings.formats.rdf[0];
  const dataset = question.dataset.map(([name, iri]) => {
    const method = name === "default-graph-uri" ? "addDefaultGraph" : "addNamedGraph";
    return `endpoint.${method}(${pythonQuoted(iri)})`;
  });
  const time = question.seconds ? [`endpoint.addParameter("timeout", ${pythonQuoted(question.seconds)})`] : [];
  return [
    "# pip install SPARQLWrapper",
    `from SPARQLWrapper import ${isRdf ? "POST, TURTLE" : "JSON, POST"}, SPARQLWrapper`,
    "",
    `endpoint = SPARQLWrapper(${pythonQuoted(settings.endpoint)})`,
    "endpoint.setMethod(POST)",
    `endpoint.setReturnFormat(${isRdf ? "TURTLE" : "JSON"})`,
    ...dataset,
    ...time,
    `endpoint.setQuery(${pythonQuoted(question.query)})`,
    "answer = endpoint.query().convert()",
    ...shownBy(question),
    "",
  ].join("\n");
}

function shownBy(question: Question): string[] {
  const form = formOf(question.query);
  if (form === "ASK") return ['print(answer["boolean"])'];
  if (form !== "SELECT") return ["print(answer.decode())"];
  return [
    'for row in answer["results"]["bindings"]:',
    '    print({name: term["value"] for name, term in row.items()})',
  ];
}

function preferred(settings: Settings, question: Question) {
  const form = formOf(question.query);
  return (form === "SELECT" || form === "ASK" ? settings.formats.results : settings.formats.rdf)[0]!;
}
