/** The tokens of a SPARQL query, as far as an editor needs them (SPARQL 1.1 Query §19.8). */

export type Kind = "comment" | "string" | "iri" | "variable" | "name" | "word" | "number" | "sign";

export interface Token {
  kind: Kind;
  text: string;
  from: number;
  to: number;
}

const RULES: [Kind, RegExp][] = [
  ["comment", /#[^\n\r]*/y],
  ["string", /"""(?:[^"\\]|\\[^]|"(?!""))*(?:"""|$)|'''(?:[^'\\]|\\[^]|'(?!''))*(?:'''|$)/y],
  ["string", /"(?:[^"\\\n\r]|\\.)*(?:"|(?=[\n\r])|$)|'(?:[^'\\\n\r]|\\.)*(?:'|(?=[\n\r])|$)/y],
  ["iri", /<[^<>"{}|^`\\\x00-\x20]*>/y],
  ["variable", /[?$][\p{L}\p{N}_\u00b7\u0300-\u036f\u203f\u2040]*/uy],
  // A prefixed name, or a blank node's label. Its last character is no dot.
  ["name", /(?:[\p{L}_](?:[\p{L}\p{N}_\-.]*[\p{L}\p{N}_-])?)?:(?:(?:[\p{L}\p{N}_\-:]|%[0-9A-Fa-f]{2}|\\.|\.(?=[\p{L}\p{N}_\-:%\\.]))*)/uy],
  ["number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y],
  ["word", /@?[\p{L}_][\p{L}\p{N}_-]*/uy],
  ["sign", /\^\^|&&|\|\||[<>!]=|[^\s]/uy],
];

/** The tokens of `text`; a string that is not closed ends with its line, or with the text. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  const space = /\s*/y;
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    if (at >= text.length) return found;
    const token = read(text, at);
    found.push(token);
    at = token.to;
  }
}

function read(text: string, at: number): Token {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(text)?.[0];
    if (match) return { kind, text: match, from: at, to: at + match.length };
  }
  return { kind: "sign", text: text[at] ?? "", from: at, to: at + 1 };
}

/** The prefixes that a query declares, with their namespaces. */
export function declaredPrefixes(text: string): Map<string, string> {
  const declared = new Map<string, string>();
  const read = tokens(text).filter((token) => token.kind !== "comment");
  read.forEach((token, i) => {
    const [name, iri] = [read[i + 1], read[i + 2]];
    if (isWord(token, "PREFIX") && name?.kind === "name" && iri?.kind === "iri") {
      declared.set(name.text.slice(0, -1), iri.text.slice(1, -1));
    }
  });
  return declared;
}

/** Where a further PREFIX line belongs: below the others, or at the top. */
export function placeOfPrefix(text: string): number {
  const read = tokens(text).filter((token) => token.kind !== "comment");
  let end = 0;
  read.forEach((token, i) => {
    const iri = read[i + (isWord(token, "BASE") ? 1 : 2)];
    if ((isWord(token, "BASE") || isWord(token, "PREFIX")) && iri?.kind === "iri") end = iri.to;
  });
  if (end === 0) return 0;
  const line = text.indexOf("\n", end);
  return line < 0 ? text.length : line + 1;
}

/** The variables of a query, without their marks, each once. */
export function variables(text: string): string[] {
  const used = tokens(text).filter((token) => token.kind === "variable" && token.text.length > 1);
  return [...new Set(used.map((token) => token.text.slice(1)))];
}

export type Form = "SELECT" | "ASK" | "CONSTRUCT" | "DESCRIBE";

/** The form of a query; SELECT where it is none, for whoever reads it will say so. */
export function formOf(text: string): Form {
  const forms = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
  const word = tokens(text).find((t) => t.kind === "word" && forms.includes(t.text.toUpperCase()));
  return (word?.text.toUpperCase() as Form | undefined) ?? "SELECT";
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "word" && token.text.toUpperCase() === word;
}
