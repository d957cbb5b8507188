import { Socket } from 'node:net'
import type { Duplex, Readable } from 'node:stream'

const LINGER_MS = 1000
const DROPPED_BYTES_MAX = 16 * 1024 * 1024

/**
 * Ends a connection whose request was refused before all of it had come. What still comes of it is
 * read and dropped for a moment, up to a limit, so that whoever sends it gets to see the answer.
 * `unread` is where it comes: the request, unless that is none.
 */
export function endUnread(socket: Duplex, unread: Readable = socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
  // Of whoever asks for the connection to be closed Node destroys it as soon as the answer is sent.
  // Who still sends by then fails at that, and may never come to read.
  if (socket instanceof Socket) socket.destroySoon = () => {}
  let left = DROPPED_BYTES_MAX
  unread.on('data', (part: Buffer) => {
    left -= part.length
    giveBack(part)
    if (left < 0) socket.destroy()
    // All that there is would be read at once, while everybody else waits.
    unread.pause()
    setImmediate(() => unread.resume())
  })
  // Node would drop what nobody has begun to read, and not tell.
  unread.read(0)
  unread.resume()
  socket.end()
}

// Left to the collector of garbage, a few bodies of megabytes make it go through the whole heap.
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
