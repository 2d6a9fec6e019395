// Verifies Sigstore bundles with @sigstore/verify from npm, which shares no code with cosign: no log, no time stamps, one key.
// Prints for each bundle whether the key has signed it.
//
// usage: node sigstore.cjs PACKAGES KEY BUNDLE...
"use strict";
const { readFileSync } = require("fs");
const { createPublicKey } = require("crypto");
const { createRequire } = require("module");

const [packages, pem, ...files] = process.argv.slice(2);
const load = createRequire(packages + "/");
const { bundleFromJSON } = load("@sigstore/bundle");
const { Verifier, toSignedEntity, toTrustMaterial } = load("@sigstore/verify");

const key = { publicKey: createPublicKey(readFileSync(pem)), validFor: () => true };
const nobody = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
const verifier = new Verifier(
  toTrustMaterial(nobody, () => key),
  { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 },
);
for (const file of files) {
  // What is malformed ends the program.
  const entity = toSignedEntity(bundleFromJSON(JSON.parse(readFileSync(file, "utf8"))));
  try {
    verifier.verify(entity);
    console.log("true");
  } catch (error) {
    if (error.code !== "SIGNATURE_ERROR") throw error;
    console.log("false");
  }
}
