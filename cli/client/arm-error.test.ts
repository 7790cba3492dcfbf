// How the refusals of ARM and of a registry read, and with which kind of failure a command ends by them.
import { assert, describe } from '../../fixtures/describe.ts';
import { armError } from './arm-error.ts';
import { registryError } from './registry-error.ts';

describe('what a service refused', ({ test }) => {
  test('ARM: the code, the message and the target, each on a line', () => {
    const error = { code: 'Bad', message: 'It is bad.', target: 'properties.days' };
    const { message, kind } = armError({ status: 400, data: { error } });
    assert.equal(message, '(Bad) It is bad.\nCode: Bad\nMessage: It is bad.\nTarget: properties.days');
    assert.equal(kind, 'failure');
  });

  test('ARM: no target, no line', () => {
    const error = { code: 'Bad', message: 'It is bad.' };
    assert.equal(
      armError({ status: 400, data: { error } }).message,
      '(Bad) It is bad.\nCode: Bad\nMessage: It is bad.',
    );
  });

  for (const [status, kind] of [
    [404, 'missing'],
    [409, 'failure'],
  ] as const) {
    test(`${status} is a ${kind}, of ARM and of a registry`, () => {
      assert.equal(armError({ status, data: '' }).kind, kind);
      assert.equal(registryError({ status, data: '', headers: {} }).kind, kind);
    });
  }
});
