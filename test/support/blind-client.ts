import { connect } from 'node:net'

/**
 * Sends all of it before reading anything, as simple clients do, and returns what was answered.
 * Rejects when it cannot be sent, and when the connection breaks.
 */
export function sendBlindly(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const answer: string[] = []
  const answered = new Promise<string>((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (part: string) => answer.push(part))
    socket.once('error', reject)
    socket.once('end', () => resolve(answer.join('')))
    socket.pause()
    socket.write(bytes, () => socket.resume())
  })
  return answered.finally(() => socket.destroy())
}
