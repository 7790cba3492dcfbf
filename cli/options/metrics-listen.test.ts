// Rows of what may be written for --metrics-listen.
import { assert, describe } from '../../fixtures/describe.ts';
import { metricsListen, metricsWords } from './metrics-listen.ts';

describe('--metrics-listen', ({ test }) => {
  const rows: [string, { host: string; port: number }][] = [
    ['9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['monitor.local:1', { host: 'monitor.local', port: 1 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ];
  for (const [written, address] of rows) {
    test(`${written} is an address, and is handed on as it is`, () => {
      assert.deepEqual(metricsListen.read(written), address);
      assert.deepEqual(metricsListen.read(metricsWords(address)[1]!), address);
    });
  }
  for (const written of ['', 'x', ':9464', '65536', '1:2:3', '::1:9464', 'http://a:1', 'a b:1', '-1']) {
    test(`'${written}' is none`, () =>
      assert.throws(() => metricsListen.read(written), /neither a port like 9464 nor host:port/));
  }
  test('is nowhere unless it is said', () => assert.deepEqual(metricsWords(undefined), []));
});
