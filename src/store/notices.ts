import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { Log } from '../domain/log.ts'
import type { Notice, NoticeListener, Notices } from '../domain/notice.ts'
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

/**
 * Listens to what every process on the database commits. On a server, a connection of its own does,
 * and another one in its place as soon as it is lost. Rejects when there is no first one.
 */
export async function openNotices(store: Store, { log }: { log: Log }): Promise<Notices> {
  const hub = createHub(log)
  const close = await (store.pglite === null
    ? listenToServer(store.databaseUrl ?? '', hub, log)
    : listenToEmbedded(store.pglite, hub))
  let closing: Promise<void> | undefined
  return {
    subscribe: hub.subscribe,
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

interface Hub extends Pick<Notices, 'subscribe'> {
  tell(text: string | undefined): void
  tellGap(): void
}

function createHub(log: Log): Hub {
  const listeners = new Map<string, Set<NoticeListener>>()
  return {
    subscribe(workspaceId, listener) {
      const own = listeners.get(workspaceId) ?? new Set()
      listeners.set(workspaceId, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(workspaceId) === own) listeners.delete(workspaceId)
      }
    },
    tell(text) {
      const notice = noticeIn(text, log)
      const told = notice ? [...(listeners.get(notice.workspaceId) ?? [])] : []
      for (const listener of told) if (notice) listener.onNotice(notice)
    },
    tellGap() {
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

async function listenToEmbedded(pglite: PGlite, hub: Hub): Promise<() => Promise<void>> {
  const stop = await pglite.listen(NOTICE_CHANNEL, hub.tell)
  return async () => {
    if (!pglite.closed) await stop()
  }
}

/** Listens until the answer is called, over one connection after the other. */
async function listenToServer(url: string, hub: Hub, log: Log): Promise<() => Promise<void>> {
  const closing = new AbortController()
  let connection = await connect(url, hub)
  const listening = (async () => {
    for (;;) {
      await connection.lost
      if (closing.signal.aborted) return
      log.warn({}, 'the connection that listens to the database was lost')
      const next = await reconnect(url, hub, closing.signal)
      if (next === null) return
      connection = next
      log.info({}, 'the database is listened to again')
      hub.tellGap()
    }
  })()
  return async () => {
    closing.abort()
    await connection.end()
    await listening
  }
}

interface Connection {
  /** Resolves when it listens no more. */
  lost: Promise<void>
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
  return { lost: cleared, end }
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
