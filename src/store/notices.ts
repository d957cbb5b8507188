import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { Log } from '../domain/log.ts'
import type { Notice, NoticeListener, Notices, NoticeWatcher } from '../domain/notice.ts'
import type { Store } from './connect.ts'
import { NOTICE_CHANNEL, readNotice } from './notice-texts.ts'

/** What the connection that listens is called among the server's. */
export const NOTICES_APPLICATION = 'weir notices'

const CONNECT_TIMEOUT_MS = 5000
const RECONNECT_FIRST_MS = 50
const RECONNECT_MAX_MS = 2000
// A server that vanished without a word is missed after these two together.
const LOOK_EVERY_MS = 15_000
const LOOK_TIMEOUT_MS = 5000
// Whoever asks for a proof has a request to answer.
const PROOF_TIMEOUT_MS = 200

/**
 * Listens to what every process on the database commits. On a server, a connection of its own does,
 * and another one in its place as soon as it is lost. Rejects when there is no first one.
 */
export async function openNotices(store: Store, { log }: { log: Log }): Promise<Notices> {
  const hub = createHub(log)
  const listening = await (store.pglite === null
    ? listenToServer(store.databaseUrl ?? '', hub, log)
    : listenToEmbedded(store.pglite, hub))
  let closing: Promise<void> | undefined
  return {
    subscribe: hub.subscribe,
    watch: hub.watch,
    prove: listening.prove,
    close: () => {
      closing ??= listening.close()
      return closing
    },
  }
}

interface Hub extends Pick<Notices, 'subscribe' | 'watch'> {
  tell(text: string | undefined): void
  tellLost(): void
  tellBack(): void
}

type Listening = Pick<Notices, 'prove' | 'close'>

function createHub(log: Log): Hub {
  const listeners = new Map<string, Set<NoticeListener>>()
  const watchers = new Set<NoticeWatcher>()
  return {
    subscribe(workspaceId, listener) {
      const own = listeners.get(workspaceId) ?? new Set()
      listeners.set(workspaceId, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(workspaceId) === own) listeners.delete(workspaceId)
      }
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    tell(text) {
      const notice = noticeIn(text, log)
      if (notice === null) return
      for (const watcher of [...watchers]) watcher.onNotice(notice)
      for (const listener of [...(listeners.get(notice.workspaceId) ?? [])]) {
        listener.onNotice(notice)
      }
    },
    tellLost() {
      for (const watcher of [...watchers]) watcher.onLost()
    },
    tellBack() {
      for (const watcher of [...watchers]) watcher.onBack()
      for (const own of listeners.values()) for (const listener of [...own]) listener.onGap()
    },
  }
}

// Whoever may use the database may notify, with whatever text.
function noticeIn(text = '', log: Log): Notice | null {
  try {
    return readNotice(text)
  } catch (error) {
    log.warn({ error: String(error) }, 'a notice could not be read')
    return null
  }
}

// The embedded database tells of a commit before the commit is answered.
async function listenToEmbedded(pglite: PGlite, hub: Hub): Promise<Listening> {
  const stop = await pglite.listen(NOTICE_CHANNEL, hub.tell)
  return {
    prove: async () => {},
    close: async () => {
      if (!pglite.closed) await stop()
    },
  }
}

/** Listens until the answer is called, over one connection after the other. */
async function listenToServer(url: string, hub: Hub, log: Log): Promise<Listening> {
  const closing = new AbortController()
  let connection = await connect(url, hub)
  const listening = (async () => {
    for (;;) {
      await connection.lost
      if (closing.signal.aborted) return
      hub.tellLost()
      log.warn({}, 'the connection that listens to the database was lost')
      const next = await reconnect(url, hub, closing.signal)
      if (next === null) return
      connection = next
      log.info({}, 'the database is listened to again')
      hub.tellBack()
    }
  })()
  return {
    prove: () => connection.prove(),
    close: async () => {
      closing.abort()
      await connection.end()
      await listening
    },
  }
}

interface Connection {
  /** Resolves when it listens no more. */
  lost: Promise<void>
  prove(): Promise<void>
  end(): Promise<void>
}

async function connect(url: string, hub: Hub): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: NOTICES_APPLICATION,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: LOOK_TIMEOUT_MS,
    keepAlive: true,
  })
  const { promise: lost, resolve } = Promise.withResolvers<void>()
  client.on('error', () => resolve())
  client.on('end', () => resolve())
  client.on('notification', ({ payload }) => hub.tell(payload))
  const end = () => client.end().catch(() => {})
  const prove = () => inTime(client.query('select 1'), PROOF_TIMEOUT_MS)
  try {
    await client.connect()
    await client.query(`listen ${NOTICE_CHANNEL}`)
  } catch (error) {
    await end()
    throw error
  }
  const look = setInterval(() => client.query('select 1').catch(() => resolve()), LOOK_EVERY_MS)
  const cleared = lost.then(() => {
    clearInterval(look)
    return end()
  })
  return { lost: cleared, prove, end }
}

async function inTime(answer: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(reject, timeoutMs, new Error(`Nothing answered within ${timeoutMs} ms.`))
  })
  try {
    await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Tries until it succeeds. Null: there was no need any more. */
async function reconnect(url: string, hub: Hub, closing: AbortSignal): Promise<Connection | null> {
  for (let delay = RECONNECT_FIRST_MS; ; delay = Math.min(2 * delay, RECONNECT_MAX_MS)) {
    await sleep(delay, null, { signal: closing }).catch(() => {})
    if (closing.aborted) return null
    const connection = await connect(url, hub).catch(() => null)
    if (connection !== null && closing.aborted) await connection.end()
    if (connection !== null) return connection
  }
}
