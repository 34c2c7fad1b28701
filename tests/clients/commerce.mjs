// @shopify/admin-api-client against the shop, REST and GraphQL: create, read, update, find, page, merge, delete, retries.
import assert from 'node:assert/strict';
import { createAdminApiClient, createAdminRestApiClient } from '@shopify/admin-api-client';
import { control, env } from './fleet.mjs';

const shop = { storeDomain: env('COMMERCE_URL'), apiVersion: '2026-10', accessToken: env('COMMERCE_TOKEN') };
const rest = createAdminRestApiClient(shop);
const body = async (answering, status) => {
  const answer = await answering;
  assert.equal(answer.status, status);
  return answer.json();
};

const ann = { email: 'ann@x.org', first_name: 'Ann', last_name: 'Lee', tags: 'C001/s1' };
const { customer } = await body(rest.post('customers', { data: { customer: ann } }), 201);
assert.equal(customer.email, 'ann@x.org');
assert.equal((await body(rest.get(`customers/${customer.id}`), 200)).customer.first_name, 'Ann');
const changed = { data: { customer: { last_name: 'Smith' } } };
assert.equal((await body(rest.put(`customers/${customer.id}`, changed), 200)).customer.last_name, 'Smith');
await body(rest.post('customers', { data: { customer: ann } }), 422);
await control('POST', '/clock', { advance_ms: 10_000 });
const found = await body(rest.get('customers/search', { searchParams: { query: 'email:ann@x.org' } }), 200);
assert.deepEqual(found.customers.map((one) => one.id), [customer.id]);

for (let number = 0; number < 12; number += 1) {
  await control('POST', '/customers', {
    cust_no: `P${number}`, email: `p${number}@x.org`, given_name: 'Page', family_name: `${number}`,
  });
}
const seen = new Set();
let page = await rest.get('customers', { searchParams: { limit: 5 } });
for (;;) {
  (await page.json()).customers.forEach((one) => seen.add(one.id));
  const next = /<([^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '');
  if (!next) break;
  page = await fetch(next[1], { headers: { 'x-shopify-access-token': shop.accessToken } });
}
assert.equal(seen.size, 13, 'over three pages');

const graphql = createAdminApiClient(shop);
const ask = async (text, variables) => {
  const { data, errors } = await graphql.request(text, { variables });
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
};
const twin = await ask(
  `mutation make($input: CustomerInput!) { customerCreate(input: $input) { customer { id email } userErrors { message } } }`,
  { input: { email: 'lee@x.org', firstName: 'A.', lastName: 'Lee' } },
);
const loser = twin.customerCreate.customer.id;
const keeper = `gid://shopify/Customer/${customer.id}`;
const read = `query read($id: ID!) { customer(id: $id) { id email } }`;
assert.equal((await ask(read, { id: loser })).customer.email, 'lee@x.org');
const merged = await ask(
  `mutation merge($one: ID!, $two: ID!) {
    customerMerge(customerOneId: $one, customerTwoId: $two) { resultingCustomerId job { id done } userErrors { message } }
  }`,
  { one: loser, two: keeper },
);
assert.deepEqual(merged.customerMerge.userErrors, []);
await control('POST', '/clock', { advance_ms: 10_000 });
const left = [await ask(read, { id: loser }), await ask(read, { id: keeper })].filter((one) => one.customer);
assert.deepEqual(left.map((one) => one.customer.id), [merged.customerMerge.resultingCustomerId]);

for (const fate of ['before-429-after', 'before-503']) {
  await control('POST', '/rules', { exchanges: [{ systems: ['commerce'], fates: [fate], rate: '100%', at_most: 1 }] });
  const again = await body(rest.get('customers', { searchParams: { limit: 1 }, retries: 2 }), 200);
  assert.equal(again.customers.length, 1, `it tries again after ${fate}`);
}
const survivor = merged.customerMerge.resultingCustomerId.split('/').pop();
await body(rest.delete(`customers/${survivor}`), 200);
assert.equal((await rest.get(`customers/${survivor}`)).status, 404);
