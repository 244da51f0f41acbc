// Bundles the query page:  node build.mjs [--watch | --tests] [--into FOLDER]
//
// The names of the files hold a hash of what is in them, so that browsers may keep them for ever;
// bundle.json tells the server what they are called.
import { build, context } from "esbuild";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    watch: { type: "boolean" },
    tests: { type: "boolean" },
    into: { type: "string", default: "../server/triplomacy/web/static/query" },
  },
});

if (values.tests) {
  await bundleTests();
} else if (values.watch) {
  await (await context(options(resolve(here, values.into)))).watch();
} else {
  await build(options(resolve(here, values.into)));
}

/** What esbuild is to make of the page, in `folder`. */
function options(folder) {
  return {
    absWorkingDir: here,
    entryPoints: ["src/query-page.ts"],
    outdir: folder,
    // While somebody works on them the names stay, so that a server need not be told of new ones.
    entryNames: values.watch ? "[name]-watched" : "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true, // the graph and the timeline come when they are first looked at
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none", // the licences stand in a file of their own
    metafile: true,
    logLevel: "warning",
    plugins: [{ name: "publish", setup: (on) => on.onEnd((result) => publish(folder, result)) }],
  };
}

/** Pack the files, say what they are called, drop those of earlier builds, and add the licences. */
function publish(folder, { metafile, errors }) {
  if (errors.length > 0) return;
  const outputs = Object.entries(metafile.outputs);
  const [script, made] = outputs.find(([, output]) => output.entryPoint === "src/query-page.ts");
  const bundle = { script: basename(script), style: basename(made.cssBundle) };
  const names = outputs.map(([path]) => basename(path));
  const fresh = new Set([...names, ...names.map((name) => `${name}.gz`), "LICENSES.txt", "bundle.json"]);
  for (const name of names) {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
  }
  for (const name of readdirSync(folder)) if (!fresh.has(name)) rmSync(join(folder, name));
  writeFileSync(join(folder, "LICENSES.txt"), licences(metafile));
  writeFileSync(join(folder, "bundle.json"), JSON.stringify(bundle) + "\n");
}

/** The licences of all packages of which something is in the bundle. */
function licences(metafile) {
  const packages = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
      if (found && bytesInOutput > 0) packages.add(found[1]);
    }
  }
  return [...packages].sort().map(licence).join("\n\n");
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence text: add it, or do without it`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

async function bundleTests() {
  const folder = join(here, "build");
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  const tests = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    absWorkingDir: here,
    entryPoints: tests.map((name) => `test/${name}`),
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
}
