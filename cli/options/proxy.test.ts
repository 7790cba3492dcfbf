// The proxy on the way out: what is one, and what is said of what is none.
import { assert, describe } from '../../fixtures/describe.ts';
import { outgoingProxy, parentProxy } from './proxy.ts';

describe('--parent-proxy', ({ test }) => {
  for (const [given, href] of [
    ['http://proxy.example.com:3128', 'http://proxy.example.com:3128/'],
    ['http://ship:word@proxy.example.com/', 'http://ship:word@proxy.example.com/'],
    ['proxy.example.com:3128', 'http://proxy.example.com:3128/'],
    ['10.0.0.1:8080', 'http://10.0.0.1:8080/'],
  ] as const) {
    test(`takes ${given}`, () => assert.equal(parentProxy.read(given)?.href, href));
  }
  for (const given of ['socks5://a:1080', 'https://a', 'http://', 'http://a/path', 'not a host', '?']) {
    test(`refuses ${given}`, () =>
      assert.throws(() => parentProxy.read(given), /expected http:\/\/host:port/));
  }
  test('is none when it is empty, as a variable may be', () => assert.equal(parentProxy.read(''), undefined));
  test('is refused under the name that it was given by', () =>
    assert.throws(() => outgoingProxy.read('?'), /argument --outgoing-proxy \(HTTPS_PROXY\)/));
  test('does not say again what may hold a password', () => {
    assert.throws(
      () => parentProxy.read('socks5://ship:secret@proxy.example.com'),
      (error: Error) =>
        /--parent-proxy \(HTTPS_PROXY\)/.test(error.message) && !error.message.includes('secret'),
    );
  });
});
