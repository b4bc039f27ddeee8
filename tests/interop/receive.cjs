// Prints every OSC message that arrives at a free port as a line of JSON, after a first line with the port.
// Usage: node receive.cjs FOLDER_WITH_NODE_OSC
const { createRequire } = require("node:module");
const path = require("node:path");

const { Server } = createRequire(path.resolve(process.argv[2], "package.json"))("node-osc");

const print = (value) => process.stdout.write(JSON.stringify(value) + "\n");
const printElements = (bundle) =>
  bundle.elements.forEach((element) => (element.elements ? printElements(element) : print(element)));

const server = new Server(0, "127.0.0.1", () => print(server.port));
server.on("message", print);
server.on("bundle", printElements);
server.on("error", (error) => print({ error: error.message }));
