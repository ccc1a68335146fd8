// AWS's own JavaScript clients against @connections and the IoT data plane: they check the wire shape
// that AWS answers with. Prints one line per finding, which the test compares.
//
//   node e2e/awsclients.js http://127.0.0.1:8080/ocpp http://127.0.0.1:4566 THING
'use strict';
const { ApiGatewayManagementApiClient, PostToConnectionCommand, GetConnectionCommand, DeleteConnectionCommand } = require('@aws-sdk/client-apigatewaymanagementapi');
const { IoTDataPlaneClient, PublishCommand, UpdateThingShadowCommand, GetThingShadowCommand } = require('@aws-sdk/client-iot-data-plane');

const [stage, aws, thing, connectionId] = process.argv.slice(2);
const shared = { region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' } };
const connections = new ApiGatewayManagementApiClient({ ...shared, endpoint: stage });
const iot = new IoTDataPlaneClient({ ...shared, endpoint: aws });

async function outcome(name, promise) {
  try {
    console.log(`${name}: ${(await promise) ?? 'done'}`);
  } catch (error) {
    console.log(`${name}: ${error.name} ${error.$metadata?.httpStatusCode}`);
  }
}

(async () => {
  const gone = 'AAAAAAAAAAAAAAA=';
  await outcome('get', connections.send(new GetConnectionCommand({ ConnectionId: connectionId })).then((c) => `${c.ConnectedAt instanceof Date} ${c.Identity?.SourceIp}`));
  await outcome('post', connections.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from('[3,"js",{}]') })).then((r) => r.$metadata.httpStatusCode));
  await outcome('post too large', connections.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.alloc(129 * 1024, 'x') })));
  await outcome('post gone', connections.send(new PostToConnectionCommand({ ConnectionId: gone, Data: Buffer.from('x') })));
  await outcome('delete', connections.send(new DeleteConnectionCommand({ ConnectionId: connectionId })).then((r) => r.$metadata.httpStatusCode));
  await outcome('get gone', connections.send(new GetConnectionCommand({ ConnectionId: gone })));
  await outcome('publish', iot.send(new PublishCommand({ topic: `${thing}/js`, qos: 1, payload: Buffer.from('{"a":1}') })).then((r) => r.$metadata.httpStatusCode));
  await outcome('shadow none', iot.send(new GetThingShadowCommand({ thingName: thing })));
  await outcome('shadow update', iot.send(new UpdateThingShadowCommand({ thingName: thing, payload: Buffer.from('{"state":{"reported":{"test":"value"}}}') })).then((r) => JSON.parse(Buffer.from(r.payload)).state.reported.test));
  await outcome('shadow conflict', iot.send(new UpdateThingShadowCommand({ thingName: thing, payload: Buffer.from('{"state":{"reported":{"test":"x"}},"version":7}') })));
  await outcome('shadow get', iot.send(new GetThingShadowCommand({ thingName: thing })).then((r) => { const s = JSON.parse(Buffer.from(r.payload)); return `${s.state.reported.test} version ${s.version}`; }));
})();
