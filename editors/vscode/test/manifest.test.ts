// package.json and the code agree.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PALETTE } from '../src/commands/ids';
import { RESTART_SETTINGS } from '../src/options';

interface Manifest {
  version: string;
  license: string;
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string }[]>;
    configuration: { properties: Record<string, { scope: string; default: unknown; items?: { enum: string[] } }> };
  };
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  dependencies?: unknown;
  devDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const settings = manifest.contributes.configuration.properties;
const readme = readFileSync('README.md', 'utf8');

describe('package.json', () => {
  it('contributes the commands that are registered, and README names them', () => {
    assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), [...PALETTE].sort());
    for (const { category, title } of manifest.contributes.commands) {
      assert.ok(readme.includes(`| ${category}: ${title} |`), title);
    }
    for (const { command } of Object.values(manifest.contributes.menus).flat()) {
      assert.ok((PALETTE as readonly string[]).includes(command), command);
    }
  });

  it('has the settings that the code reads, and README names them', () => {
    assert.deepEqual(Object.keys(settings).sort(), [...RESTART_SETTINGS, 'secondcall.trace.server'].sort());
    for (const name of Object.keys(settings)) {
      assert.ok(readme.includes(`\`${name}\``), name);
    }
  });

  it('keeps an untrusted workspace from choosing the program and from calling exports', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ['secondcall.path', 'secondcall.dynamic']);
    assert.equal(settings['secondcall.path']?.scope, 'machine-overridable');
    assert.equal(settings['secondcall.dynamic']?.default, 'off');
  });

  it('requires exact versions, and no dependency at run time', () => {
    assert.equal(manifest.dependencies, undefined);
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    }
  });

  const profiles = '../../data/profiles';
  it('lists every host', { skip: !existsSync(profiles) }, () => {
    const hosts = readdirSync(profiles).map((file) => file.replace(/\.toml$/, ''));
    assert.deepEqual([...(settings['secondcall.hosts']?.items?.enum ?? [])].sort(), hosts.sort());
  });

  const crate = '../../Cargo.toml';
  it('has the version and the licence of the program', { skip: !existsSync(crate) }, () => {
    const text = readFileSync(crate, 'utf8');
    assert.equal(manifest.version, /^version = "(.*)"$/m.exec(text)?.[1]);
    assert.equal(manifest.license, /^license = "(.*)"$/m.exec(text)?.[1]);
    assert.equal(readFileSync('LICENSE', 'utf8'), readFileSync('../../LICENSE', 'utf8'));
  });
});
