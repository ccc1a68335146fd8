// Run with: node --test functions/edge
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const vm = require('node:vm');

const file = path.join(__dirname, 'edge.js');

// edge.js exports nothing, because CloudFront takes no exports: it is run as CloudFront runs it, in a
// global scope of its own without anything of Node.
const scope = vm.createContext(Object.create(null));
vm.runInContext(fs.readFileSync(file, 'utf8'), scope, { filename: file });

// viewer is a request as CloudFront hands it over: names of headers in lower case, values not decoded.
function viewer(uri, { headers = {}, querystring = {} } = {}) {
  return { version: '1.0', context: { eventType: 'viewer-request' }, request: { method: 'GET', uri, querystring, headers, cookies: {} } };
}

// handle goes through JSON, because objects of another global scope are never deeply equal to this one's.
function handle(event) {
  scope.input = JSON.stringify(event);
  return JSON.parse(vm.runInContext('JSON.stringify(handler(JSON.parse(input)))', scope));
}

const identities = [
  ['/CP001', 'CP001'],
  ['/ocpp/CP001', 'CP001'],
  ['/steve/websocket/CentralSystemService/CP001', 'CP001'],
  ['/CP001/', 'CP001'],
  ['//CP001//', 'CP001'],
  ['/DE*ICE*E123', 'DE*ICE*E123'],
  ['/RDAM%7C123', 'RDAM%7C123'], // the example of OCPP-J 1.6, 3.1.1
  ['/CP%20001', 'CP%20001'],
  ['/CP%2F001', 'CP%2F001'],
  ['/CP%2520001', 'CP%2520001'], // decoded once, not twice
  ['/%43P001', 'CP001'], // one spelling of one identity
  ['/CP001%26chargePointId%3DCP002', 'CP001%26chargePointId%3DCP002'],
  ['/CP001&chargePointId=CP002', 'CP001%26chargePointId%3DCP002'],
  ['/%E2%82%AC', '%E2%82%AC'],
];

for (const [uri, want] of identities) {
  test(`the identity of ${uri} is ${want}`, () => {
    const request = handle(viewer(uri));
    assert.equal(request.uri, '/ocpp');
    assert.deepEqual(request.querystring, { chargePointId: { value: want } });
  });
}

for (const uri of ['/', '']) {
  test(`the path ${JSON.stringify(uri)} names nobody`, () => {
    const request = handle(viewer(uri, { querystring: { chargePointId: { value: 'CP002' } } }));
    assert.equal(request.uri, '/ocpp');
    assert.deepEqual(request.querystring, {});
  });
}

test("the client's query string is dropped", () => {
  const querystring = {
    chargePointId: { value: 'CP002', multiValue: [{ value: 'CP002' }, { value: 'CP003' }] },
    other: { value: '1' },
  };
  assert.deepEqual(handle(viewer('/CP001', { querystring })).querystring, { chargePointId: { value: 'CP001' } });
});

test('headers pass, but for the edge secret', () => {
  const headers = {
    authorization: { value: 'Basic Q1AwMDE6cGFzc3dvcmQ=' },
    host: { value: 'd111111abcdef8.cloudfront.net' },
    'sec-websocket-key': { value: 'dGhlIHNhbXBsZSBub25jZQ==' },
    'sec-websocket-protocol': { value: 'ocpp1.6, ocpp2.0.1', multiValue: [{ value: 'ocpp1.6' }, { value: 'ocpp2.0.1' }] },
    'sec-websocket-version': { value: '13' },
  };
  const request = handle(viewer('/CP001', { headers: { ...headers, 'x-ocpp-edge-secret': { value: 'guess' } } }));
  assert.deepEqual(request.headers, headers);
  assert.equal(request.method, 'GET');
});

const certificate = (present, subject) => ({
  'cloudfront-viewer-cert-present': { value: present },
  'cloudfront-viewer-cert-subject': { value: subject },
});
const forged = { 'x-ocpp-certificate-subject': { value: 'CN=CP002' } };

test('the subject of a certificate travels on', () => {
  const { headers } = handle(viewer('/CP001', { headers: { ...forged, ...certificate('1', 'CN=CP001,O=ACME') } }));
  assert.deepEqual(headers['x-ocpp-certificate-subject'], { value: 'CN=CP001,O=ACME' });
});

for (const [why, headers] of [
  ['nobody showed a certificate', forged],
  ['CloudFront says that there is none', { ...forged, ...certificate('0', 'CN=CP001') }],
  ['the subject is empty', { ...forged, ...certificate('1', '') }],
  ['CloudFront does not say that there is one', { ...forged, 'cloudfront-viewer-cert-subject': { value: 'CN=CP001' } }],
  ['there are two subjects', {
    ...forged, ...certificate('1', 'CN=CP001'),
    'cloudfront-viewer-cert-subject': { value: 'CN=CP001', multiValue: [{ value: 'CN=CP001' }, { value: 'CN=CP002' }] },
  }],
]) {
  test(`no subject travels on where ${why}`, () => {
    assert.equal(handle(viewer('/CP001', { headers })).headers['x-ocpp-certificate-subject'], undefined);
  });
}

for (const uri of ['/CP%', '/CP%2', '/CP%ZZ001', '/%FF', '/%C3%28']) {
  test(`the malformed path ${uri} is answered 400`, () => {
    const response = handle(viewer(uri));
    assert.equal(response.statusCode, 400);
    assert.equal(response.statusDescription, 'Bad Request');
    assert.match(response.body.data, /percent-encoding/);
    assert.equal(response.uri, undefined, 'a response, not a request that would be passed on');
  });
}

test('a malformed prefix is nobody\'s identity and passes', () => {
  assert.deepEqual(handle(viewer('/%ZZ/CP001')).querystring, { chargePointId: { value: 'CP001' } });
});

test('edge.js is at most 10 KB, the limit of CloudFront Functions', () => {
  assert.ok(fs.statSync(file).size <= 10 * 1024);
});
