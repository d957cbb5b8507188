import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { chanceOf, hashOf } from '../random.ts'
import type { Simulation } from '../simulation.ts'
import { xWorld } from './world.ts'

const CHATTER_DELAY_MS = 95 * 60 * 1000

/** A post of a timeline: one of the world's publications, or a repost or reply between them. */
export interface Entry {
  kind: 'post' | 'repost' | 'reply'
  publication: SimulatedPublication
  /** The id of the post that it repeats or answers; null for a post of its own. */
  referencedId: string | null
}

/** Everything that an account's timeline can reach, newest first. */
export function entriesOf(account: SimulatedAccount, { world }: Simulation, now: Date): Entry[] {
  return world
    .publications(account, now)
    .flatMap((publication) => [...chatterAfter(publication, world.seed, now), post(publication)])
    .toSorted((a, b) => (isNewer(a.publication, b.publication) ? -1 : 1))
}

/** The post, repost or reply of an id; null for an id of none. */
export function entryOf(id: string, simulation: Simulation, now: Date): Entry | null {
  const { world } = simulation
  const publication = world.publication('x', id, now)
  if (publication !== null) return post(publication)
  const index = xWorld.decodePostId(id)?.accountIndex
  const account = world.accounts.find((one) => one.platform === 'x' && one.index === index)
  if (!account?.hasChatter) return null
  const entries = entriesOf(account, simulation, now)
  return entries.find((entry) => entry.publication.platformPostId === id) ?? null
}

/** Whether a publication comes before another one in a timeline. */
export function isNewer(a: SimulatedPublication, b: SimulatedPublication): boolean {
  return BigInt(a.platformPostId) > BigInt(b.platformPostId)
}

function post(publication: SimulatedPublication): Entry {
  return { kind: 'post', publication, referencedId: null }
}

function chatterAfter(publication: SimulatedPublication, seed: number, now: Date): Entry[] {
  const { account, platformPostId } = publication
  const chance = chanceOf(seed, platformPostId, 'chatter')
  const publishedAt = new Date(publication.publishedAt.getTime() + CHATTER_DELAY_MS)
  if (!account.hasChatter || chance > 0.25 || publishedAt.getTime() > now.getTime()) return []
  const kind = chance < 0.15 ? 'repost' : 'reply'
  const foreignId = xWorld.postIdOf(new Date(publishedAt.getTime() - 7_000_000), 16_000, 7)
  const id = xWorld.postIdOf(publishedAt, account.index, hashOf(seed, platformPostId))
  const text =
    kind === 'repost' ? 'RT @lakeside_news: Swimmers report 6 °C.' : '@lakeside_news Thanks!'
  return [
    {
      kind,
      referencedId: foreignId,
      publication: {
        ...publication,
        platformPostId: id,
        story: `${publication.story}:${kind}`,
        kind: 'text',
        contentType: 'text',
        text,
        url: `https://x.com/${account.handle}/status/${id}`,
        thumbnailUrl: null,
        durationSeconds: null,
        publishedAt,
        totalViews: Math.floor(publication.totalViews / 40),
        hasLink: false,
      },
    },
  ]
}
