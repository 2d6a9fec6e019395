// Checks an unpacked package: node scripts/verify.mjs FOLDER

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Module from 'node:module';
import path from 'node:path';

const folder = path.resolve(process.argv[2] ?? '.', 'extension');
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
  .sort();

const wanted = ['LICENSE.txt', 'changelog.md', 'dist/extension.js', 'dist/licenses.txt', 'icon.png', 'package.json', 'readme.md'];
const extra = files.filter((file) => !wanted.includes(file) && !/^bin\/secondcall(\.exe)?$/.test(file));
assert.deepEqual(wanted.filter((file) => !files.includes(file)), [], 'missing from the package');
assert.deepEqual(extra, [], 'unexpected in the package');

const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
assert.equal(manifest.main, './dist/extension.js');
assert.ok(readFileSync(path.join(folder, manifest.icon)).readUInt32BE(16) >= 128, 'the icon is 128 pixels wide or more');

// The gallery shows pictures from the web only.
const pictures = [...readFileSync(path.join(folder, 'readme.md'), 'utf8').matchAll(/!\[.*?\]\((.*?)\)/gs)];
assert.ok(pictures.length >= 2, 'pictures in the README');
for (const [, url] of pictures) {
  assert.match(url, /^https:\/\/.*\.png$/);
}

// The bundle contains everything except `vscode`.
const require = createRequire(import.meta.url);
const stub = require.resolve('../test/stub/vscode.cjs');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === 'vscode' ? stub : resolve.call(this, request, ...rest);
};
const extension = require(path.join(folder, manifest.main));
assert.equal(typeof extension.activate, 'function');
assert.equal(typeof extension.deactivate, 'function');

console.log(`${files.length} files: ${files.join(', ')}`);
