// auth0 against the identity provider: a token by itself, create, read, update, find, page, link, delete, and its retries.
import assert from 'node:assert/strict';
import { ManagementClient } from 'auth0';
import { control, env, without } from './fleet.mjs';

const tenant = new ManagementClient({
  domain: new URL(env('IDENTITY_URL')).host,
  clientId: env('IDENTITY_CLIENT_ID'),
  clientSecret: env('IDENTITY_CLIENT_SECRET'),
});
const connection = 'Username-Password-Authentication';
const user = { connection, email: 'ann@x.org', password: 'a-Long-Secret-1', given_name: 'Ann', family_name: 'Lee' };
const created = await tenant.users.create({ ...user, app_metadata: { cust_no: 'C001/s1' } });
assert.equal(created.email, 'ann@x.org');

assert.equal((await tenant.users.get(created.user_id)).given_name, 'Ann');
assert.equal((await tenant.users.update(created.user_id, { family_name: 'Smith' })).family_name, 'Smith');
await without(tenant.users.create(user), 409);

const byEmail = await tenant.users.listUsersByEmail({ email: 'ann@x.org' });
assert.deepEqual(byEmail.map((one) => one.user_id), [created.user_id]);
await control('POST', '/clock', { advance_ms: 10_000 });
const found = await tenant.users.list({ q: 'email:"ann@x.org"', search_engine: 'v3' });
assert.deepEqual(found.data.map((one) => one.user_id), [created.user_id]);

for (let number = 0; number < 25; number += 1) {
  await control('POST', '/customers', {
    cust_no: `P${number}`, email: `p${number}@x.org`, given_name: 'Page', family_name: `${number}`,
  });
}
await control('POST', '/clock', { advance_ms: 10_000 });
const seen = new Set();
for await (const one of await tenant.users.list({ per_page: 10, include_totals: true })) seen.add(one.user_id);
assert.equal(seen.size, 26, 'over three pages');

const other = await tenant.users.create({ ...user, email: 'lee@x.org' });
const linked = await tenant.users.identities.link(created.user_id, {
  provider: 'auth0', user_id: other.user_id.replace('auth0|', ''),
});
assert.equal(linked.length, 2);
await without(tenant.users.get(other.user_id), 404);

for (const fate of ['before-429', 'before-503']) {
  await control('POST', '/rules', { exchanges: [{ systems: ['identity'], route: 'read', fates: [fate], rate: '100%', at_most: 1 }] });
  assert.equal((await tenant.users.get(created.user_id)).user_id, created.user_id, `it tries again after ${fate}`);
}
await tenant.users.delete(created.user_id);
await without(tenant.users.get(created.user_id), 404);
