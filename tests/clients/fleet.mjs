// What every script here needs of the fleet: its addresses and credentials, its control API, and errors that must come.
import assert from 'node:assert/strict';

export function env(name) {
  const value = process.env[`SAGAPROOF_${name}`];
  assert.ok(value, `SAGAPROOF_${name} is not set: start sagaproof serve --print-env and read what it prints`);
  return value;
}

export async function control(method, path, body) {
  const answer = await fetch(`${env('CONTROL_URL')}${path}`, { method, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// That a call fails with this status.
export async function without(call, status) {
  const error = await call.then(() => assert.fail(`${status} was expected`), (error) => error);
  // node-zendesk tells the status in words only.
  const told = error.statusCode ?? error.status ?? Number(/\((\d{3})\)/.exec(`${error}`)?.[1]);
  assert.equal(told, status, `${error}`);
}
