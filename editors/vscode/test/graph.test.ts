import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { graphPage, isSvg } from '../src/graph';

describe('the page of a graph', () => {
  const hostile = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><a href="command:x"><text onclick="x()">é</text></a></svg>';

  it('forbids everything but the picture and its own style', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(graphPage('a', hostile))?.[1];
    assert.equal(policy, "default-src 'none'; img-src data:; style-src 'unsafe-inline'");
  });

  it('contains the picture only as an image', () => {
    const page = graphPage('a', hostile);
    assert.doesNotMatch(page, /<script|<svg|onclick|href|command:/);
    const data = /src="data:image\/svg\+xml;base64,([A-Za-z0-9+/=]*)"/.exec(page)?.[1] ?? '';
    assert.equal(Buffer.from(data, 'base64').toString('utf8'), hostile);
  });

  it('escapes the name of the file', () => {
    const page = graphPage(`"><img src=x onerror='a'>&`, '<svg/>');
    assert.match(page, /alt="&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&amp;"/);
    assert.equal(page.split('<img').length, 2);
  });

  it('accepts only pictures', () => {
    assert.ok(isSvg('<svg xmlns="http://www.w3.org/2000/svg"></svg>'));
    assert.ok(isSvg('<?xml version="1.0"?>\n<!-- a -->\n<svg>'));
    assert.ok(!isSvg('digraph {}'));
    assert.ok(!isSvg('<html><svg></svg></html>'));
    assert.ok(!isSvg(''));
  });
});
