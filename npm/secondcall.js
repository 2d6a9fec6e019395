#!/usr/bin/env node
// Starts the program from this platform's package.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const platforms = require("./platforms.json");

/** The platform's name, as in platforms.json. */
function platform() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return name;
  const { header } = process.report.getReport();
  return header.glibcVersionRuntime ? name : `${name}-musl`;
}

/** The program's path. */
function program() {
  const name = platform();
  const supported = Object.keys(platforms);
  if (!supported.includes(name)) {
    throw new Error(`there is no package for ${name}; supported platforms: ${supported.join(", ")}`);
  }
  const file = process.platform === "win32" ? "secondcall.exe" : "secondcall";
  try {
    return require.resolve(`@secondcall/${name}/${file}`);
  } catch {
    throw new Error(
      `the package @secondcall/${name} is not installed: reinstall on this platform, ` +
        "without --omit=optional",
    );
  }
}

function start() {
  const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", fail);
  child.on("exit", (code, signal) => {
    // As shells do.
    process.exitCode = signal ? 128 + constants.signals[signal] : code;
  });
}

function fail(error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

try {
  start();
} catch (error) {
  fail(error);
}
