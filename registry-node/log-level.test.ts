// Each level of a resource, and what is logged under it.
import { pino } from 'pino';
import { configurationOf } from '../fixtures/configuration.ts';
import { assert, describe } from '../fixtures/describe.ts';
import type { NodeConfiguration } from './gateway/protocol.ts';
import { followLogLevel } from './log-level.ts';

describe('how much a node logs', ({ test }) => {
  const rows: [NodeConfiguration['logLevel'], string[]][] = [
    ['Debug', ['debug', 'info', 'warn', 'error']],
    ['Information', ['info', 'warn', 'error']],
    ['Warning', ['warn', 'error']],
    ['Error', ['error']],
    ['None', []],
  ];
  const start = (configuration: NodeConfiguration | undefined) => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line).msg) });
    const listeners = new Set<() => void>();
    const directory = { configuration };
    const end = followLogLevel(logger, {
      get configuration() {
        return directory.configuration;
      },
      onApply: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    const apply = (logLevel: NodeConfiguration['logLevel']): void => {
      directory.configuration = configurationOf('site1', { logLevel });
      for (const listener of listeners) listener();
      lines.length = 0;
    };
    const logged = (): string[] => {
      lines.length = 0;
      for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level](level);
      return [...lines];
    };
    return { apply, logged, end };
  };
  for (const [level, expected] of rows) {
    test(`is at ${level} ${expected.join(', ') || 'nothing'}, as soon as the configuration is there`, () => {
      const { apply, logged } = start(undefined);
      apply(level);
      assert.deepEqual(logged(), expected);
    });
    test(`is at ${level} the same after a restart`, () =>
      assert.deepEqual(start(configurationOf('site1', { logLevel: level })).logged(), expected));
  }

  test('comes back from None', () => {
    const { apply, logged } = start(undefined);
    apply('None');
    apply('Debug');
    assert.deepEqual(logged().length, 4);
  });

  test('stays as it is when nobody follows any more, and before there is a configuration', () => {
    const { apply, logged, end } = start(undefined);
    assert.equal(logged().length, 3);
    end();
    apply('None');
    assert.equal(logged().length, 3);
  });
});
