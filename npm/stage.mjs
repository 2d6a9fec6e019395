// Creates the folders for `npm pack` and `npm publish`: the package `secondcall`, and one for each
// given program. The version is that of Cargo.toml.
//
// Usage: node npm/stage.mjs FOLDER [PLATFORM=PROGRAM]...
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..");
const read = (name) => JSON.parse(readFileSync(join(here, name), "utf8"));
const [folder, ...programs] = process.argv.slice(2);
const version = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];
const platforms = read("platforms.json");
const { name, description, keywords, license, ...wrapper } = read("package.json");

function stage(where, manifest, files) {
  mkdirSync(where, { recursive: true });
  writeFileSync(join(where, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
  for (const [file, source] of Object.entries(files)) copyFileSync(source, join(where, file));
}

const optionalDependencies = Object.fromEntries(
  Object.keys(platforms).map((platform) => [`@secondcall/${platform}`, version]),
);
stage(
  join(folder, name),
  { name, version, description, keywords, license, ...wrapper, optionalDependencies },
  {
    "secondcall.js": join(here, "secondcall.js"),
    "platforms.json": join(here, "platforms.json"),
    "README.md": join(here, "README.md"),
    LICENSE: join(root, "LICENSE"),
  },
);
for (const [platform, program] of programs.map((it) => it.split("="))) {
  const { os, cpu, libc } = platforms[platform];
  const file = os === "win32" ? "secondcall.exe" : "secondcall";
  const where = join(folder, platform);
  stage(
    where,
    {
      name: `@secondcall/${platform}`,
      version,
      description: `The program of the package secondcall for ${platform}.`,
      license,
      files: [file],
      os: [os],
      cpu: [cpu],
      ...(libc && { libc: [libc] }),
    },
    { [file]: program, LICENSE: join(root, "LICENSE") },
  );
  chmodSync(join(where, file), 0o755);
}
