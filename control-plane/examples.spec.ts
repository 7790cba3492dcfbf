// Every example of Azure's specification that is about something emulated is sent: it must be accepted, and answered
// with a status, the headers and the members that the example has, and with no member that its api-version lacks.
import { type Answer, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { type Difference, differences, notEmulatedExamples } from '../fixtures/examples/differing.ts';
import { prepare } from '../fixtures/examples/prerequisites.ts';
import { type Example, readExamples } from '../fixtures/examples/read.ts';
import { strangersIn } from '../fixtures/examples/swagger.ts';

describe(
  'the examples of Azure’s specification',
  ({ before, after, test, skip }) => {
    const examples = readExamples();
    if (!examples) {
      skip('are accepted and answered alike', 'the folder ../shared/specs is not there');
      return;
    }
    const differs = (example: Example): Difference[] =>
      differences.filter((each) => each.example.test(example.name));
    let cloud: Cloud;
    before(async () => {
      cloud = await startCloud();
      for (const group of ['myResourceGroup', 'sourceResourceGroup'])
        await cloud.arm('PUT', `resourceGroups/${group}`, { location: 'westus' });
      const source = `resourceGroups/sourceResourceGroup/providers/Microsoft.ContainerRegistry/registries/sourceRegistry`;
      await cloud.settle(await cloud.arm('PUT', source, { location: 'westus', sku: { name: 'Basic' } }));
    });
    after(() => cloud.close());

    for (const [index, example] of examples.entries()) {
      if (notEmulatedExamples.test(example.name)) {
        test(`${example.name} is about nothing that is emulated`, async () => {
          const answer = await send(cloud, localised(cloud, example, 'myRegistry'));
          assert.deepEqual([answer.status, answer.at('error.code')], [501, 'NotImplemented']);
        });
        continue;
      }
      test(`${example.name} is accepted and answered alike`, async () => {
        const name = `example${index}`;
        const sent = new Map(
          examples.map((each) => [each.name, localised(cloud, each, name, differs(each))]),
        );
        const id = `/subscriptions/${cloud.credential.subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.ContainerRegistry/registries/${name}`;
        await prepare(cloud, example, id, sent);
        const answer = await send(cloud, sent.get(example.name)!);
        check(example, answer, differs(example));
        // Nothing of one example goes on while the next is played.
        const isBegun = answer.headers.location ?? answer.headers['azure-asyncoperation'];
        if (isBegun) await cloud.settle(answer);
      });
    }

    test('have no difference that is none', () => {
      const idle = differences.filter(({ example }) => !examples.some(({ name }) => example.test(name)));
      assert.deepEqual(idle, []);
    });
  },
  { timeoutMs: 40_000 },
);

/** The example in this subscription, and about a registry of its own. */
function localised(
  cloud: Cloud,
  { swagger, ...example }: Example,
  registry: string,
  differing: readonly Difference[] = [],
): Example {
  const { subscriptionId } = cloud.credential;
  const replaced = differing
    .flatMap(({ instead = [] }) => instead)
    .reduce(
      (text, [from, to]) => text.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'g'), to),
      JSON.stringify(example),
    );
  const text = replaced
    .replaceAll(/[01]0000000-0000-0000-0000-000000000000/g, subscriptionId)
    .replaceAll('myRegistry', registry);
  return { ...JSON.parse(text), swagger };
}

function send(cloud: Cloud, { method, path, version, body }: Example): Promise<Answer> {
  return cloud.arm(method, `${path}?api-version=${version}`, body);
}

function check(example: Example, answer: Answer, differing: readonly Difference[]): void {
  const shown = `${answer.status} ${JSON.stringify(answer.body)}`;
  const status = differing.find((each) => each.status !== undefined)?.status;
  if (status !== undefined) {
    assert.equal(answer.status, status, shown);
    return;
  }
  const expected = example.responses[String(answer.status)];
  assert.ok(expected, `answered ${shown} in place of ${Object.keys(example.responses).join(' or ')}`);
  for (const header of Object.keys(expected.headers ?? {}))
    assert.ok(header.toLowerCase() in answer.headers, `without the header ${header}: ${shown}`);
  const excused = new Set(differing.flatMap(({ without = [] }) => without));
  const missing = missingIn(expected.body, answer.body).filter(
    (path) => !excused.has(path.replace(/^value\[\]\.(?=properties)/, '')),
  );
  assert.deepEqual(missing, [], `what the example has and this has not: ${shown}`);
  const { document, schemaOf } = example.swagger ?? {};
  const schema = schemaOf?.(String(answer.status));
  if (document && schema)
    assert.deepEqual(strangersIn(document, schema, answer.body), [], 'what the api-version does not have');
}

/** Paths of members that `expected` has, and `found` has not. A null of an example stands for an absent member. */
function missingIn(expected: unknown, found: unknown, path = ''): string[] {
  if (expected === null || expected === undefined) return [];
  if (found === undefined) return [path];
  if (Array.isArray(expected)) {
    if (expected.length === 0) return [];
    const first = (found as unknown[])[0];
    return missingIn(expected[0], first, `${path}[]`);
  }
  if (typeof expected !== 'object') return [];
  return Object.entries(expected).flatMap(([name, member]) =>
    missingIn(member, (found as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`),
  );
}
