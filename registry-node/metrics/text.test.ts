// What Prometheus is sent.
import { assert, describe } from '../../fixtures/describe.ts';
import { parseMetrics } from '../../fixtures/scrape.ts';
import { counter, gauge, toText } from './text.ts';

describe('the text of metrics', ({ test }) => {
  test('is name, labels and value, each metric under its help and type', () => {
    const text = toText([
      counter('requests_total', 'How many.', { labels: { method: 'GET', code: '200' }, value: 3 }),
      gauge('free_bytes', 'Left.', { value: 1.5e21 }),
    ]);
    assert.equal(
      text,
      `# HELP requests_total How many.
# TYPE requests_total counter
requests_total{method="GET",code="200"} 3
# HELP free_bytes Left.
# TYPE free_bytes gauge
free_bytes 1.5e+21
`,
    );
  });

  test('leaves out what has no sample', () => assert.equal(toText([gauge('nothing', 'Nothing.')]), ''));

  test('can be read whatever a label holds, and whatever the number is', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.001];
    const samples = values.map((value, index) => ({ labels: { a: `"\\\n${index}` }, value }));
    const { values: read } = parseMetrics(toText([gauge('odd', 'Odd.\nVery.', ...samples)]));
    assert.deepEqual([...read.values()], values);
    assert.ok(read.has(String.raw`odd{a="\"\\\n0"}`));
  });
});
