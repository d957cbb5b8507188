import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

// Answers everything with the bytes of one file: as fast as Node can answer at all.
const body = readFileSync(process.env.BODY_FILE)
const headers = { 'content-type': process.env.CONTENT_TYPE, 'content-length': body.length }
createServer((_request, response) => {
  response.writeHead(200, headers)
  response.end(body)
}).listen(Number(process.env.PORT), '127.0.0.1')
