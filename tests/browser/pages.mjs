// The pages that are opened: of one component, of calls that overlap, of many, of 2,000, of one with hostile names, and of those
// that tests/toolchains/components has built, if SECONDCALL_COMPONENTS names them.

import {spawnSync} from "node:child_process";
import {readdirSync, readFileSync, statSync, writeFileSync} from "node:fs";
import {resolve} from "node:path";

const root = resolve(import.meta.dirname, "../..");
// As many as a large installation has.
const FLEET = 2000;
export const HOSTILE = `</script></style><b onload=z>]]>&lt;\u202e\u2066"'\u0000`;

export function pages(program, out) {
  const run = (words, name, cwd = root) => {
    const options = {cwd, encoding: "utf8", maxBuffer: 1 << 28, timeout: 600_000};
    const done = spawnSync(program, words, options);
    if (done.error || done.status > 5) throw new Error(`${words}: ${done.error} ${done.stderr}`);
    const file = `${out}/${name}`;
    writeFileSync(file, done.stdout);
    return file;
  };
  const page = (name, words, more = {}) => {
    const file = run([...words, "--format", "html"], `${name}.html`, more.cwd);
    return {name, file, bytes: statSync(file).size, ...more};
  };
  const hosts = ["spec", "wasmtime-run", "jco-transpiled"].flatMap((it) => ["--host", it]);
  const check = ["check", "--no-config", "--no-cache"];
  const inputs = fixtures();
  const saved = run([...check, ...inputs, ...hosts, "--format", "json"], "many.json");
  const toolchains = process.env.SECONDCALL_COMPONENTS;
  const real = toolchains ? [ofToolchains(toolchains, {run, page, check, out})] : [];
  return [
    ...real,
    page("one", [...check, "examples/hello.wasm", ...hosts]),
    page("overlap", [...check, "rules/overlapping_calls_differ/fires_race.wat", "-D", "overlapping_calls_differ"]),
    page("hostile", [...check, hostile(out)], {hostile: true}),
    page("many", ["render", saved], {many: inputs.length, searched: true}),
    page("fleet", ["render", fleet(saved, out)], {many: FLEET, large: true}),
  ];
}

// Components of real toolchains, as a team that runs servers sees them.
function ofToolchains(cwd, {run, page, check, out}) {
  const hosts = ["spin-p2", "wasmcloud-2-pooled", "jco-transpiled"].flatMap((it) => ["--host", it]);
  const saved = run([...check, ".", ...hosts, "--format", "json"], "real.json", cwd);
  const {artifacts, errors} = JSON.parse(readFileSync(saved, "utf8"));
  return page("real", ["render", `${out}/real.json`], {many: artifacts.length + errors.length, cwd});
}

// What each rule fires on, and two inputs that cannot be read.
function fixtures() {
  const rules = readdirSync(`${root}/rules`);
  const files = rules.flatMap((rule) => readdirSync(`${root}/rules/${rule}`).map((file) => `rules/${rule}/${file}`));
  const fires = files.filter((it) => /\/fires.*\.wat$/.test(it)).sort();
  return ["examples/hello.wasm", ...fires, "LICENSE", "not/there.wasm"];
}

// The components of a report, again and again.
function fleet(saved, out) {
  const report = JSON.parse(readFileSync(saved, "utf8"));
  const {artifacts, findings} = report;
  report.artifacts = Array.from({length: FLEET - report.errors.length}, (_, id) => {
    const original = artifacts[id % artifacts.length];
    return {...original, id, also: []};
  });
  report.findings = report.artifacts.flatMap((it) => {
    const own = findings.filter((finding) => finding.artifact === artifacts[it.id % artifacts.length].id);
    return own.map((finding) => ({...finding, artifact: it.id}));
  });
  report.skipped = [];
  report.errors.forEach((it, index) => { it.id = FLEET + index; });
  const file = `${out}/fleet.json`;
  writeFileSync(file, JSON.stringify(report));
  return file;
}

// A component that traps when called again, whose names mean something to a browser.
function hostile(out) {
  // The format of text knows such characters by their numbers alone.
  const number = (it) => `\\u{${it.codePointAt(0).toString(16)}}`;
  const name = HOSTILE.replace(/["\u0000\u202e\u2066]/g, number);
  const text = `(component
    (core module $inner (@name "${name}m")
      (memory (export "memory") 1)
      (func $start (@name "${name}${"n".repeat(1 << 20)}") (export "${name}e")
        (if (i32.load (i32.const 1040)) (then unreachable))
        (i32.store (i32.const 1040) (i32.const 1))))
    (core instance $inner (instantiate $inner))
    (func (export "run") (canon lift (core func $inner "${name}e"))))`;
  const file = `${out}/<script>alert(1).wat`;
  writeFileSync(file, text);
  return file;
}
