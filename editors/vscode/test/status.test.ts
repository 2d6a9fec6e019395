import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shown, statusFrom } from '../src/status';

const idle = (components: number, errors: number, warnings: number, notes: number) =>
  shown({ state: 'idle', components, errors, warnings, notes });

describe('the status', () => {
  it('shows the most severe findings, and all of them in the tooltip', () => {
    assert.equal(idle(3, 2, 1, 0).text, '$(error) secondcall: 2 errors');
    assert.equal(idle(3, 2, 1, 0).tooltip, '3 components: 2 errors, 1 warning, 0 notes');
    assert.equal(idle(1, 0, 1, 4).text, '$(warning) secondcall: 1 warning');
    assert.equal(idle(1, 0, 0, 4).text, '$(info) secondcall: 4 notes');
  });

  it('does not treat silence as good', () => {
    assert.equal(idle(1, 0, 0, 0).text, 'secondcall: no findings');
    assert.equal(idle(0, 0, 0, 0).text, 'secondcall: no components');
  });

  it('opens the problems, or the output after an error', () => {
    assert.equal(idle(1, 1, 0, 0).command, 'workbench.actions.view.problems');
    assert.equal(shown({ state: 'stopped' }).command, 'secondcall.showOutput');
    const missing = shown({ state: 'missing', why: 'It is not on PATH.' });
    assert.deepEqual(missing, { text: '$(warning) secondcall: no program', tooltip: 'It is not on PATH.', alarming: true, command: 'secondcall.showOutput' });
  });

  it('is parsed from a notification of the server', () => {
    assert.deepEqual(statusFrom({ state: 'checking', components: 2, errors: 1, warnings: 0, notes: 0 }), { state: 'checking', components: 2, errors: 1, warnings: 0, notes: 0 });
    assert.deepEqual(statusFrom({ state: 'idle', errors: '2', notes: -1, warnings: Number.NaN }), { state: 'idle', components: 0, errors: 0, warnings: 0, notes: 0 });
    assert.equal(statusFrom({ state: 'asleep' }), undefined);
    assert.equal(statusFrom(null), undefined);
  });
});
