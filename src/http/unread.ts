import type { Duplex, Readable } from 'node:stream'

const LINGER_MS = 1000
// What is read meanwhile is one part, of 64 KiB at most: 16 MB in all, and 5 MB in a third of a second.
const PAUSE_MS = 4

/**
 * Ends a connection whose request was refused before all of it had come. What still comes of it is
 * read and dropped for a moment, so that whoever sends it gets to see the answer; but slowly, so that
 * nobody else waits for that. `unread` is where it comes: the request, unless that is none.
 */
export function endUnread(socket: Duplex, unread: Readable = socket): void {
  let pause: NodeJS.Timeout | undefined
  const end = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => {
    clearTimeout(end)
    clearTimeout(pause)
  })
  unread.on('data', (part: Buffer) => {
    giveBack(part)
    unread.pause()
    clearTimeout(pause)
    pause = setTimeout(() => unread.resume(), PAUSE_MS)
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
