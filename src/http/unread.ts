import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

const LINGER_MS = 1000
const DROPPED_BYTES_MAX = 16 * 1024 * 1024

/**
 * Ends a connection whose request was refused before all of it had come. What still comes is read
 * and dropped for a moment, up to a limit, so that whoever sends it gets to see the answer.
 */
export function endUnread(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
  // Of whoever asks for the connection to be closed Node destroys it as soon as the answer is sent.
  // Who still sends by then fails at that, and may never come to read.
  if (socket instanceof Socket) socket.destroySoon = () => {}
  // Node parses no more of it: a request that follows would be run, and never answered.
  socket.removeAllListeners('data')
  let left = DROPPED_BYTES_MAX
  socket.on('data', (part: Buffer) => {
    left -= part.length
    giveBack(part)
    if (left < 0) socket.destroy()
    // All that there is would be read at once, while everybody else waits.
    socket.pause()
    setImmediate(() => socket.resume())
  })
  socket.resume()
  socket.end()
}

// Left to the collector of garbage, a few bodies of megabytes make it go through the whole heap.
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
