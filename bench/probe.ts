import { type Profiler, Session } from 'node:inspector/promises'

/** What a server can be asked while it is measured, and what it answers. */
export interface Probe {
  /** How many bytes of its heap are in use, once garbage is collected. */
  heap: number
  startProfile: null
  /** What its processor did since `startProfile`. */
  stopProfile: Profiler.Profile
}

// Loaded into the server before its own code. Whoever started the process asks over its channel,
// which does not keep the process from ending.
const session = new Session()
session.connect()
const answers: { [Name in keyof Probe]: () => Promise<Probe[Name]> } = {
  async heap() {
    await session.post('HeapProfiler.collectGarbage')
    return process.memoryUsage().heapUsed
  },
  async startProfile() {
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    return null
  },
  async stopProfile() {
    const { profile } = await session.post('Profiler.stop')
    return profile
  },
}
process.on('message', async (name: keyof Probe) => process.send?.(await answers[name]()))
process.channel?.unref()
