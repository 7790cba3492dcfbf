// The directory over real HTTPS: what `az ad sp` asks of Graph, in the order in which it asks.
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { createPrincipal, graph, type Principal, tokenOf } from '../../../fixtures/service-principals.ts';

const names = (answer: Answer): string[] =>
  (answer.body as { value: { displayName: string }[] }).value.map(({ displayName }) => displayName);

describe(
  'the directory',
  ({ before, after, test }) => {
    let cloud: Cloud;
    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
    });
    after(() => cloud.close());

    test('makes an application, its password and its service principal, which signs in at once', async () => {
      const application = await graph(cloud, 'POST', '/applications', { displayName: 'made' });
      assert.equal(application.status, 201);
      assert.deepEqual(application.at('passwordCredentials'), []);
      const path = `/applications/${application.text('id')}`;
      // az names the times by its own clock.
      const soon = new Date(Date.now() + 60_000).toISOString();
      const life = { startDateTime: soon, endDateTime: '2999-01-01T00:00:00Z', displayName: 'rbac' };
      const password = await graph(cloud, 'POST', `${path}/addPassword`, { passwordCredential: life });
      const secret = password.text('secretText');
      assert.equal(password.text('hint'), secret.slice(0, 3));
      const signIn = { clientId: application.text('appId'), secret };
      await assert.rejects(tokenOf(cloud, signIn), /invalid_client/);
      const principal = await graph(cloud, 'POST', '/servicePrincipals', { appId: signIn.clientId });
      assert.equal(principal.status, 201);
      assert.deepEqual(principal.at('servicePrincipalNames'), [signIn.clientId]);
      assert.notEqual(principal.at('id'), application.at('id'));
      assert.ok(await tokenOf(cloud, signIn));
      const again = await graph(cloud, 'POST', '/servicePrincipals', { appId: signIn.clientId });
      assert.deepEqual(
        [again.status, again.at('error.code')],
        [409, 'Request_MultipleObjectsWithSameKeyValue'],
      );
    });

    test('shows no password twice', async () => {
      const { clientId, applicationId, secret } = await createPrincipal(cloud, 'secretive');
      const shown = [
        await graph(cloud, 'GET', `/applications/${applicationId}`),
        await graph(cloud, 'GET', `/servicePrincipals?$filter=appId eq '${clientId}'`),
        await graph(cloud, 'GET', '/applications'),
      ];
      for (const { body } of shown) {
        assert.equal(JSON.stringify(body).includes(secret), false);
        assert.equal(JSON.stringify(body).includes('sha256'), false);
      }
    });

    test('finds service principals as az looks for them', async () => {
      const { clientId, objectId } = await createPrincipal(cloud, "o'neill");
      const rows: [filter: string, found: string[]][] = [
        [`servicePrincipalNames/any(c:c eq '${clientId}')`, ["o'neill"]],
        [`servicePrincipalNames/any(c:c eq '${objectId}')`, []],
        ["displayName eq 'O''Neill'", ["o'neill"]],
        ["startswith(displayName,'o''n')", ["o'neill"]],
        [`startswith(displayName,'o') and appId eq '${clientId}'`, ["o'neill"]],
        [`startswith(displayName,'x') and appId eq '${clientId}'`, []],
      ];
      for (const [filter, found] of rows) {
        const answer = await graph(cloud, 'GET', `/servicePrincipals?$filter=${encodeURIComponent(filter)}`);
        assert.deepEqual(names(answer), found, filter);
      }
      const bad = await graph(cloud, 'GET', '/servicePrincipals?$filter=nonsense');
      assert.deepEqual([bad.status, bad.at('error.code')], [400, 'Request_BadRequest']);
      const ids = { ids: [objectId, clientId], types: ['user', 'servicePrincipal'] };
      const objects = await graph(cloud, 'POST', '/directoryObjects/getByIds', ids);
      assert.deepEqual(names(objects), ["o'neill"]);
      assert.equal(objects.at('value.0.@odata.type'), undefined, 'the name holds a dot');
      const [first] = (objects.body as { value: Record<string, unknown>[] }).value;
      assert.equal(first!['@odata.type'], '#microsoft.graph.servicePrincipal');
    });

    test('lists in pages', async () => {
      for (let count = 0; count < 101; count++)
        await graph(cloud, 'POST', '/applications', { displayName: `page ${count}` });
      const found = new Set<string>();
      let path: string | undefined = "/applications?$filter=startswith(displayName,'page ')";
      let pages = 0;
      for (; path !== undefined; pages++) {
        const answer: Answer = await graph(cloud, 'GET', path);
        for (const name of names(answer)) found.add(name);
        const next = (answer.body as Record<string, string>)['@odata.nextLink'];
        path = next?.slice(next.indexOf('/applications'));
      }
      assert.deepEqual([found.size, pages], [101, 2]);
    });

    test('lists each once to who deletes page by page', async () => {
      for (let count = 0; count < 201; count++)
        await graph(cloud, 'POST', '/applications', { displayName: `doomed ${count % 3}` });
      const found: string[] = [];
      let path: string | undefined = "/applications?$filter=startswith(displayName,'doomed ')";
      while (path !== undefined) {
        const answer: Answer = await graph(cloud, 'GET', path);
        const ids = (answer.body as { value: { id: string }[] }).value.map(({ id }) => id);
        found.push(...ids);
        assert.ok(found.length <= 201, 'it ends');
        await graph(cloud, 'DELETE', `/applications/${ids.at(-1)}`);
        const next = (answer.body as Record<string, string>)['@odata.nextLink'];
        path = next?.slice(next.indexOf('/applications'));
      }
      assert.deepEqual([found.length, new Set(found).size], [201, 201]);
    });

    test('a password ends when it says so', async () => {
      const { clientId, applicationId } = await createPrincipal(cloud, 'short');
      const ended = await graph(cloud, 'POST', `/applications/${applicationId}/addPassword`, {
        passwordCredential: { startDateTime: '2020-01-01T00:00:00Z', endDateTime: '2021-01-01T00:00:00Z' },
      });
      await assert.rejects(tokenOf(cloud, { clientId, secret: ended.text('secretText') }), /invalid_client/);
    });

    const refusals: [string, (principal: Principal) => Promise<Answer>, number, string][] = [
      [
        'an object that there is not',
        () => graph(cloud, 'GET', '/servicePrincipals/nobody'),
        404,
        'Request_ResourceNotFound',
      ],
      [
        'an application by its client id',
        ({ clientId }) => graph(cloud, 'GET', `/applications/${clientId}`),
        404,
        'Request_ResourceNotFound',
      ],
      [
        'a service principal of no application',
        () => graph(cloud, 'POST', '/servicePrincipals', { appId: 'x' }),
        400,
        'Request_BadRequest',
      ],
      [
        'an application without a name',
        () => graph(cloud, 'POST', '/applications', {}),
        400,
        'Request_BadRequest',
      ],
      [
        'a key id that there is not',
        ({ objectId }) =>
          graph(cloud, 'POST', `/servicePrincipals/${objectId}/removePassword`, { keyId: 'x' }),
        400,
        'Request_BadRequest',
      ],
      [
        'a password that ends before it starts',
        ({ objectId }) =>
          graph(cloud, 'POST', `/servicePrincipals/${objectId}/addPassword`, {
            passwordCredential: { startDateTime: '2030-01-01', endDateTime: '2029-01-01' },
          }),
        400,
        'Request_BadRequest',
      ],
      [
        'a password that ends when no date is left',
        ({ objectId }) =>
          graph(cloud, 'POST', `/servicePrincipals/${objectId}/addPassword`, {
            passwordCredential: { startDateTime: '+275760-09-12T00:00:00Z' },
          }),
        400,
        'Request_BadRequest',
      ],
      [
        'a parameter that is given twice',
        () => graph(cloud, 'GET', '/applications?$filter=a&$filter=b'),
        400,
        'Request_BadRequest',
      ],
      ['who is signed in', () => graph(cloud, 'GET', '/me'), 400, 'BadRequest'],
      ['what is no part of it', () => graph(cloud, 'GET', '/devices'), 400, 'BadRequest'],
    ];
    test('refuses what it cannot do, in the manner of Graph', async () => {
      const principal = await createPrincipal(cloud, 'asked');
      for (const [what, ask, status, code] of refusals) {
        const answer = await ask(principal);
        assert.deepEqual([answer.status, answer.at('error.code')], [status, code], what);
        assert.equal(typeof answer.at('error.innerError.request-id'), 'string');
      }
    });

    test('is read by who has any role, and changed by who may give roles in the subscription', async () => {
      const puller = await createPrincipal(cloud, 'puller', { role: 'AcrPull', scope: registry });
      const contributor = await createPrincipal(cloud, 'contributor', { role: 'Contributor', scope: '' });
      const administrator = await createPrincipal(cloud, 'administrator', {
        role: 'User Access Administrator',
        scope: '',
      });
      const change = { displayName: 'changed' };
      const rows: [Principal, read: number, write: number][] = [
        [puller, 200, 403],
        [contributor, 200, 403],
        [administrator, 200, 201],
      ];
      for (const [caller, read, write] of rows) {
        assert.equal((await graph(cloud, 'GET', '/applications', undefined, caller)).status, read);
        assert.equal((await graph(cloud, 'POST', '/applications', change, caller)).status, write);
      }
    });

    test('keeps what it has over a restart', async () => {
      const principal = await createPrincipal(cloud, 'lasting', { role: 'Reader', scope: registry });
      const token = await tokenOf(cloud, principal);
      await cloud.restart();
      const { endpoint, subscriptionId } = cloud.credential;
      const url = `${endpoint}/subscriptions/${subscriptionId}/${registry}?api-version=2025-11-01`;
      const { status } = await cloud.call(url, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(status, 200);
    });
  },
  { timeoutMs: 30_000 },
);
