import type { Refresh } from '../../src/domain/refresh.ts'
import type { SyncState } from '../../src/domain/sync.ts'
import {
  type Ending,
  type FaultCase,
  type Never,
  type Numbers,
  neverOn,
  type RowEnd,
  type Wait,
} from './case.ts'
import { found, openScene, type Scene, type SceneOptions, STALE_SECONDS } from './scene.ts'

const TRIES_MAX = 5
const TOKEN_SECONDS = 30 * 86_400

/** How a case has ended, and how the publications have that it does not concern. */
export interface Played extends Ending {
  others: RowEnd[]
}

/** Plays one case on one platform. */
export async function playCase(options: SceneOptions, fault: FaultCase): Promise<Played | Never> {
  const reason = neverOn(fault, options.platform)
  if (reason !== null) return { never: reason }
  await using scene = await openScene(options)
  const { simulator, platform } = scene
  await scene.connect(fault.tokenSeconds ?? TOKEN_SECONDS)
  await runWish(scene)
  const before = await rowsOf(scene)
  const target = before.newestId
  scene.advance(STALE_SECONDS)
  const strikes = fault.strike(scene, target)
  if (fault.during) await scene.restart(fault.during)
  for (const strike of 'never' in strikes ? [] : strikes) {
    simulator.faults.add({ ...strike, platform })
  }
  const { refresh, waits } = await runWish(scene, async (count) => {
    if (count === fault.waitsMax) await endFault(scene, fault)
    else if (fault.lastsSeconds) scene.advance(fault.lastsSeconds)
  })
  const rows = await rowsOf(scene)
  const wish = (await scene.wish()).kind
  if (wish === 'not_found') throw new Error('The account is lost.')
  if (wish === 'cooldown' || wish === 'quota_exceeded') throw new Error(`It is refused: ${wish}.`)
  const { account, publication, others } = endsOf(before, rows, target)
  const { connectionStatus: connection } = rows.account
  const after = await recovered(scene, fault, before, target)
  return { account, publication, others, connection, refresh: refresh.status, waits, wish, after }
}

async function endFault({ simulator, newest, restart }: Scene, fault: FaultCase): Promise<void> {
  simulator.faults.clear()
  newest.content = {}
  if (fault.during) await restart({})
}

async function recovered(
  scene: Scene,
  fault: FaultCase,
  before: Rows,
  target: string,
): Promise<[RowEnd, RowEnd]> {
  await endFault(scene, fault)
  scene.advance(Math.max(STALE_SECONDS, fault.lastsSeconds ?? 0))
  const { connectionStatus } = await scene.account()
  if (fault.takesConsent || connectionStatus !== 'connected') await scene.connect(TOKEN_SECONDS)
  await runWish(scene)
  const { account, publication } = endsOf(before, await rowsOf(scene), target)
  return [account, publication]
}

function endsOf(before: Rows, now: Rows, target: string) {
  const end = (id: string) => endOf(before.publications[id], now.publications[id])
  const others = Object.keys(before.publications).filter((id) => id !== target)
  return {
    account: endOf(before.account, now.account),
    publication: end(target),
    others: others.map(end),
  }
}

/** Wishes for fresh numbers, and runs the refresh as often as it comes back by itself. */
async function runWish(scene: Scene, onWaited: (count: number) => Promise<void> = async () => {}) {
  const wish = await scene.wish()
  if (wish.kind !== 'queued') throw new Error(`The wish was answered as ${wish.kind}.`)
  const waits: Wait[] = []
  const before = await rowsOf(scene)
  let refresh: Refresh = await scene.run(wish.refresh)
  while (refresh.status === 'queued' && waits.length < TRIES_MAX) {
    const job = found(scene.queued.at(-1))
    const startAfter = job.startAfter ?? scene.now()
    waits.push(waitUntil(scene.now(), startAfter))
    assertKept(before, await rowsOf(scene))
    scene.advance((startAfter.getTime() - scene.now().getTime()) / 1000)
    await onWaited(waits.length)
    refresh = await scene.run(refresh, job.attempt)
  }
  return { refresh, waits }
}

function waitUntil(now: Date, until: Date): Wait {
  const clock = until.toISOString().slice(11)
  // In November, midnight in California is at eight.
  if (clock === '00:00:00.000Z') return 'UTC'
  if (clock === '08:00:00.000Z') return 'Pacific'
  return (until.getTime() - now.getTime()) / 1000
}

async function rowsOf(scene: Scene) {
  const [account, publications] = await Promise.all([scene.account(), scene.publications()])
  const [newest] = Object.values(publications).sort(
    (a, b) => (b.publishedAt?.getTime() ?? 0) - (a.publishedAt?.getTime() ?? 0),
  )
  return { account, publications, newestId: newest?.platformPostId ?? '' }
}

type Rows = Awaited<ReturnType<typeof rowsOf>>

// Whatever is tried again later, nothing that was known is lost meanwhile.
function assertKept(before: Rows, now: Rows): void {
  const pairs = [
    [before.account, now.account] as const,
    ...Object.keys(before.publications).map(
      (id) => [before.publications[id], now.publications[id]] as const,
    ),
  ]
  for (const [was, is] of pairs) endOf(was, is)
}

/** How a row has ended. Throws when a number has become zero or has gone without being read. */
export function endOf(before: SyncState | undefined, after: SyncState | undefined): RowEnd {
  const was = found(before)
  const is = found(after)
  const zeros = Object.keys(is.native).filter((name) => is.native[name] === 0 && was.native[name])
  if (zeros.length > 0) throw new Error(`These became zero: ${zeros.join(', ')}.`)
  return `${is.syncStatus}, ${numbersOf(was, is)}`
}

function numbersOf(was: SyncState, is: SyncState): Numbers {
  const names = Object.keys(was.native)
  if (names.some((name) => is.native[name] === undefined)) return 'less'
  return names.some((name) => is.native[name] !== was.native[name]) ? 'new' : 'old'
}
