import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { functionsOf, rulesOf } from '../src/listing';
import { errorLine } from '../src/program';

const RULES = `rule                          hazard       precision  since  what it finds
answers_change                state_bleed  very-high  0.1.0  The answer depends on earlier calls
constructors_on_every_export  state_bleed  high       0.1.0  Each call runs the static constructors again
run_once_guard                single_shot  very-high  0.1.0  The second call finds a flag set by the first, and traps
`;

const FUNCTIONS = `0x000094 core module 0 > func 2 \`_start\`
0x0000c1 core module 0 > func 3 \`main\`
0x01b2c3 core module 1 \`wit-component:adapter:wasi_snapshot_preview1\` > func 40
`;

describe('rules', () => {
  it('are parsed with hazard and title', () => {
    assert.deepEqual(rulesOf(RULES), [
      { id: 'answers_change', hazard: 'state_bleed', title: 'The answer depends on earlier calls' },
      { id: 'constructors_on_every_export', hazard: 'state_bleed', title: 'Each call runs the static constructors again' },
      { id: 'run_once_guard', hazard: 'single_shot', title: 'The second call finds a flag set by the first, and traps' },
    ]);
  });

  it('are parsed by the names of the columns', () => {
    assert.deepEqual(rulesOf('rule  what it finds\r\nanswers_change  It changes\r\n'), [
      { id: 'answers_change', hazard: '', title: 'It changes' },
    ]);
  });

  it('are none in other text', () => {
    assert.deepEqual(rulesOf(''), []);
    assert.deepEqual(rulesOf('error: unrecognized subcommand\n\nUsage: secondcall [OPTIONS]\n'), []);
  });
});

describe('functions', () => {
  it('are parsed with their offset, as --func accepts it', () => {
    assert.deepEqual(functionsOf(FUNCTIONS), [
      { at: '@0x000094', name: 'core module 0 > func 2 `_start`' },
      { at: '@0x0000c1', name: 'core module 0 > func 3 `main`' },
      { at: '@0x01b2c3', name: 'core module 1 `wit-component:adapter:wasi_snapshot_preview1` > func 40' },
    ]);
  });

  it('are none in other text', () => {
    assert.deepEqual(functionsOf('no functions\n0x12\n'), []);
  });
});

describe('an error message', () => {
  it('is the first line on standard error', () => {
    assert.equal(errorLine('\nerror: app.wasm: there is no function `nope`\n\nmore\n'), 'app.wasm: there is no function `nope`');
    assert.equal(errorLine(' \n'), undefined);
  });
});
