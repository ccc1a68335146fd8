// A charge point on ocpp-rpc in strict mode: it validates every message of both directions with
// schemas that are not ours, and rejects when one does not conform.
//
//   node e2e/ocpprpc.js ws://127.0.0.1:8080 CP001 ocpp1.6
//
// It boots, reports a connector and authorizes; then it charges when it is told to, loses its
// connection inside the transaction, comes back, and stops when it is told to. It ends with 0 after that.
'use strict';
const { RPCClient } = require('ocpp-rpc');

const [endpoint, identity, protocol] = process.argv.slice(2);
const client = new RPCClient({ endpoint, identity, protocols: [protocol], strictMode: true, pingIntervalMs: 0, reconnect: false });
const now = () => new Date().toISOString();

client.on('strictValidationFailure', ({ error, message }) => fail(error, message));
process.on('unhandledRejection', (error) => fail(error));

function fail(error, message) {
  console.error(identity, error, message ?? '');
  process.exit(1);
}

function expect(actual, wanted, what) {
  if (actual !== wanted) throw new Error(`${what} is ${actual}, want ${wanted}`);
}

// later runs a step after the answer to a command has left.
function later(step) {
  setTimeout(() => step().catch(fail), 50);
  return { status: 'Accepted' };
}

async function reconnect() {
  await client.close({ code: 1000, awaitPending: false, force: true });
  await client.connect();
}

const versions = {
  'ocpp1.6': {
    async boot() {
      const booted = await client.call('BootNotification', { chargePointVendor: 'ocpp-rpc', chargePointModel: 'strict' });
      expect(booted.status, 'Accepted', 'boot status');
      await client.call('Heartbeat', {});
      await client.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
      expect((await client.call('Authorize', { idTag: 'RPC' })).idTagInfo.status, 'Accepted', 'authorization');
      expect((await client.call('DataTransfer', { vendorId: 'none' })).status, 'UnknownVendorId', 'data transfer');
    },
    commands: {
      RemoteStartTransaction: ({ params }) => later(async () => {
        const started = await client.call('StartTransaction', { connectorId: params.connectorId, idTag: params.idTag, meterStart: 100, timestamp: now() });
        await reconnect();
        await client.call('MeterValues', { connectorId: 1, transactionId: started.transactionId, meterValue: [{ timestamp: now(), sampledValue: [{ value: '600' }] }] });
      }),
      RemoteStopTransaction: ({ params }) => later(async () => {
        await client.call('StopTransaction', { transactionId: params.transactionId, meterStop: 1100, timestamp: now(), reason: 'Remote' });
        await client.close();
      }),
    },
  },
  'ocpp2.0.1': {
    async boot() {
      const booted = await client.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'ocpp-rpc', model: 'strict' } });
      expect(booted.status, 'Accepted', 'boot status');
      await client.call('Heartbeat', {});
      await client.call('StatusNotification', { timestamp: now(), connectorStatus: 'Available', evseId: 1, connectorId: 1 });
      expect((await client.call('Authorize', { idToken: { idToken: 'RPC', type: 'ISO14443' } })).idTokenInfo.status, 'Accepted', 'authorization');
      await client.call('MeterValues', { evseId: 1, meterValue: [{ timestamp: now(), sampledValue: [{ value: 1 }] }] });
      expect((await client.call('DataTransfer', { vendorId: 'none' })).status, 'UnknownVendorId', 'data transfer');
    },
    commands: {
      RequestStartTransaction: ({ params }) => later(async () => {
        const info = { transactionId: `${identity}-1`, remoteStartId: params.remoteStartId };
        const started = await event('Started', 'RemoteStart', 0, info, { idToken: params.idToken, evse: { id: params.evseId, connectorId: 1 } }, ['Transaction.Begin', 100]);
        expect(started.idTokenInfo.status, 'Accepted', 'authorization of the transaction');
        await reconnect();
        await event('Updated', 'MeterValuePeriodic', 1, { transactionId: info.transactionId, chargingState: 'Charging' }, {}, ['Sample.Periodic', 600]);
      }),
      RequestStopTransaction: ({ params }) => later(async () => {
        await event('Ended', 'RemoteStop', 2, { transactionId: params.transactionId, stoppedReason: 'Remote' }, {}, ['Transaction.End', 1100]);
        await client.close();
      }),
    },
  },
};

function event(eventType, triggerReason, seqNo, transactionInfo, more, [context, value]) {
  return client.call('TransactionEvent', {
    eventType, triggerReason, seqNo, transactionInfo, timestamp: now(), ...more,
    meterValue: [{ timestamp: now(), sampledValue: [{ value, context, unitOfMeasure: { unit: 'Wh' } }] }],
  });
}

(async () => {
  const { boot, commands } = versions[protocol];
  for (const [action, answer] of Object.entries(commands)) client.handle(action, answer);
  await client.connect();
  await boot();
  console.log('ready');
})().catch(fail);
