// Builds assets/vendor and tests/browser/vendor from npm packages; `make assets` runs it in a folder of its own.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const root = process.argv[2];
const target = join(root, "assets", "vendor");
const forTests = join(root, "tests", "browser", "vendor");

// Chromium then compiles the whole script beside the page's own thread, rather than each function in it when it is first called.
const AT_ONCE = "//# allFunctionsCalledOnLoad";

const bundles = [
  { file: "govuk.css", from: ["govuk-frontend"], make: () => compile("govuk.scss", { loadPaths: ["node_modules"], style: "compressed" }).css },
  { file: "page.js", from: ["govuk-frontend", "accessible-autocomplete"], make: () => bundle("page.mjs") },
  { file: "autocomplete.css", from: ["accessible-autocomplete"], make: () => read("accessible-autocomplete/dist/accessible-autocomplete.min.css") },
  { file: "plotly.js", from: ["plotly.js"], make: () => bundle("plotly.mjs", AT_ONCE) },
  { file: "flows.js", from: ["plotly.js"], make: () => bundle("flows.mjs", AT_ONCE) },
];

const read = (path) => readFileSync(join("node_modules", path), "utf8");
const described = (name) => JSON.parse(read(join(name, "package.json")));

async function bundle(entry, banner = "") {
  const result = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, format: "iife", target: "es2020",
    define: { global: "window", "define.amd": "false" }, legalComments: "none", banner: { js: banner }, loader: { ".css": "empty" },
  });
  return result.outputFiles[0].text;
}

/** The licence a package carries; one that carries none is named with its holder. */
function licence(name) {
  const file = readdirSync(join("node_modules", name)).find((entry) => /^licen[cs]e/i.test(entry));
  return file ? read(join(name, file)).trim() : `${described(name).license} licence. Copyright (c) Crown Copyright (Government Digital Service)`;
}

function write(folder, file, text) {
  const bytes = Buffer.from(text.replace(/\n?\/[/*]# sourceMappingURL=.*$/m, ""));
  writeFileSync(join(folder, file), bytes);
  return { file, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function compress(file) {
  const bytes = readFileSync(join(target, file));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  writeFileSync(join(target, `${file}.br`), brotliCompressSync(bytes, { params }));
  writeFileSync(join(target, `${file}.gz`), gzipSync(bytes, { level: 9 }));
}

for (const folder of [target, forTests]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
const manifest = [];
for (const { file, from, make } of bundles) {
  const packages = from.map((name) => ({ name, version: described(name).version, licence: described(name).license }));
  manifest.push({ ...write(target, file, await make()), packages });
  compress(file);
}
const names = [...new Set(bundles.flatMap(({ from }) => from))];
writeFileSync(join(target, "LICENCES.txt"), names.map((name) => `${name}\n\n${licence(name)}\n`).join("\n---\n\n"));
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const axe = { ...write(forTests, "axe.min.js", read("axe-core/axe.min.js")), packages: [{ name: "axe-core", version: described("axe-core").version, licence: "MPL-2.0" }] };
writeFileSync(join(forTests, "LICENCES.txt"), `axe-core\n\n${licence("axe-core")}\n`);
writeFileSync(join(forTests, "manifest.json"), `${JSON.stringify([axe], null, 2)}\n`);
