// What the documents use of the npm package wscat: -c URL, -s subprotocol, --auth user:password, -x message, -w seconds.
const { parseArgs } = require("node:util");
const WebSocket = require("ws");

const { values } = parseArgs({ options: {
	connect: { type: "string", short: "c" },
	subprotocol: { type: "string", short: "s", multiple: true },
	execute: { type: "string", short: "x" },
	wait: { type: "string", short: "w", default: "2" },
	auth: { type: "string" },
} });

const socket = new WebSocket(values.connect, values.subprotocol, { auth: values.auth });
socket.on("open", () => {
	if (values.execute !== undefined) socket.send(values.execute);
	setTimeout(() => socket.close(), Number(values.wait) * 1000);
});
socket.on("message", (text) => console.log("< " + text));
socket.on("close", (code, reason) => console.log(`Disconnected (code: ${code}, reason: "${reason}")`));
socket.on("error", (error) => {
	console.error("error: " + error.message);
	process.exit(-1);
});
