// Runs dynalite for the Go program that started this process, until standard input ends: then that program is gone.
// Arguments: the folder of the dynalite package, the folder of the tables ("" for memory).
// The first line on standard output is {"port": N} or {"error": "sentence"}.
'use strict'

const [packageFolder, tablesFolder] = process.argv.slice(1)
const say = (message) => process.stdout.write(JSON.stringify(message) + '\n')

function start() {
  const major = parseInt(process.versions.node, 10)
  if (major < 20) {
    say({ error: `Node.js ${process.versions.node} is too old for dynalite: install version 20 or later` })
    process.exit(1)
  }
  const server = require(packageFolder)({
    path: tablesFolder || undefined,
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  })
  server.keepAliveTimeout = 0 // the proxy keeps connections; a close by this side would race with a request
  server.listen(0, '127.0.0.1', () => say({ port: server.address().port }))

  const stop = () => {
    setTimeout(() => process.exit(0), 2000) // acknowledged writes are on disk; a slow farewell is worth no more
    server.closeAllConnections()
    server.close(() => process.exit(0))
  }
  process.stdin.on('end', stop)
  process.stdin.on('error', stop)
  process.stdin.resume()
  // Ctrl-C in a terminal reaches the whole process group: the program that started this one decides when it ends.
  process.on('SIGINT', () => {})
}

start()
