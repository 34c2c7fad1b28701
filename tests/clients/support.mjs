// node-zendesk against the help desk: create, read, update, find, page, merge, delete, and what it tells of 429 and 503;
// it tries nothing again by itself.
import assert from 'node:assert/strict';
import zendesk from 'node-zendesk';
import { control, env, without } from './fleet.mjs';

const desk = zendesk.createClient({
  endpointUri: `${env('SUPPORT_URL')}/api/v2`,
  username: env('SUPPORT_EMAIL'),
  token: env('SUPPORT_TOKEN'),
});
const created = await desk.users.create({ user: { name: 'Ann Lee', email: 'ann@x.org', external_id: 'C001/s1' } });
const { id } = created.result;
assert.equal(created.result.email, 'ann@x.org');

assert.equal((await desk.users.show(id)).result.name, 'Ann Lee');
const updated = await desk.users.update(id, { user: { name: 'Ann Smith', phone: '+493012345' } });
assert.deepEqual([updated.result.name, updated.result.phone], ['Ann Smith', '+493012345']);

await control('POST', '/clock', { advance_ms: 10_000 });
const found = await desk.users.search({ query: 'email:ann@x.org' });
assert.deepEqual(found.map((user) => user.id), [id]);

for (let number = 0; number < 205; number += 1) {
  await control('POST', '/customers', {
    cust_no: `P${number}`, email: `p${number}@x.org`, given_name: 'Page', family_name: `${number}`,
  });
}
const all = await desk.users.list();
assert.equal(all.length, 206, 'over three pages');
assert.equal(new Set(all.map((user) => user.id)).size, 206);

const twin = (await desk.users.create({ user: { name: 'A. Lee', email: 'lee@x.org' } })).result;
await desk.users.merge(twin.id, id);
assert.equal((await desk.users.show(twin.id)).result.active, false, 'merged away');

const gone = await desk.users.delete(id);
assert.equal(gone.result.active, false);

await control('POST', '/rules', { exchanges: [{ systems: ['support'], fates: ['before-503'], rate: '100%', at_most: 1 }] });
await without(desk.users.show(id), 503);
assert.equal((await desk.users.show(all[1].id)).result.id, all[1].id, 'and then all is well');
await control('POST', '/rules', { exchanges: [{ systems: ['support'], fates: ['before-429-after'], rate: '100%', at_most: 1 }] });
const throttled = await desk.users.show(all[1].id);
assert.equal(throttled.response.status, 429, 'this client tells a throttled read in its answer');
assert.equal((await desk.users.show(all[1].id)).result.id, all[1].id);
assert.equal((await desk.users.list()).length, 205, 'without the merged and the deleted one');
