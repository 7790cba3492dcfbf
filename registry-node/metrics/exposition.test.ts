// What Prometheus is sent of what was collected.
import { Registry } from 'prom-client';
import { assert, describe } from '../../fixtures/describe.ts';
import { parseMetrics } from '../../fixtures/scrape.ts';
import { toText } from './exposition.ts';
import { counter, gauge, type Metric } from './metric.ts';

const textOf = (...metrics: Metric[]): Promise<string> => toText(new Registry(), metrics);

describe('the text of metrics', ({ test }) => {
  test('is name, labels and value, each metric under its help and type', async () => {
    const text = await textOf(
      counter('requests_total', 'How many.', { labels: { method: 'GET', code: '200' }, value: 3 }),
      gauge('free_bytes', 'Left.', { value: 1.5e21 }),
    );
    assert.deepEqual(text.split('\n').filter(Boolean), [
      '# HELP requests_total How many.',
      '# TYPE requests_total counter',
      'requests_total{method="GET",code="200"} 3',
      '# HELP free_bytes Left.',
      '# TYPE free_bytes gauge',
      'free_bytes 1.5e+21',
    ]);
  });

  test('leaves out what has no sample', async () => {
    assert.equal((await textOf(gauge('nothing', 'Nothing.'))).trim(), '');
  });

  test('can be read whatever a label holds, and whatever the number is', async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.001];
    const samples = values.map((value, index) => ({ labels: { a: `"\\\n${index}` }, value }));
    const { values: read } = parseMetrics(await textOf(gauge('odd', 'Odd.\nVery.', ...samples)));
    assert.deepEqual([...read.values()], values);
    assert.ok(read.has(String.raw`odd{a="\"\\\n0"}`));
  });
});
