import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { pick } from '../numbers.ts'
import type { Simulation } from '../simulation.ts'
import { fieldNotAuthorized } from './item-errors.ts'
import type { Selection } from './parameters.ts'

const PLAYBACK = [0, 25, 50, 75, 100].map((percent) => `playback_${percent}_count`)

/** The fields that only the author sees, for 30 days, and what they hold. */
const PRIVATE: Record<string, string[]> = {
  non_public_metrics: PLAYBACK,
  organic_metrics: [...PLAYBACK, 'view_count'],
}

/** How far a medium's number lies below the number of its post. */
const OFFSET = 5n

/** The keys of what is attached to a publication; none for text. */
export function mediaKeys({ contentType, platformPostId }: SimulatedPublication): string[] {
  const key = (kind: number, place: number) =>
    `${kind}_${BigInt(platformPostId) - OFFSET - BigInt(place)}`
  switch (contentType) {
    case 'video':
      return [key(13, 0)]
    case 'image':
      return [key(3, 0)]
    case 'carousel':
      return [0, 1, 2].map((place) => key(3, place))
    default:
      return []
  }
}

/** The video of a media key; null for a key of anything else, or of nothing. */
export function videoOfKey(
  key: string,
  { world }: Simulation,
  now: Date,
): SimulatedPublication | null {
  const number = /^13_(\d{1,19})$/.exec(key)?.[1]
  if (number === undefined) return null
  const video = world.publication('x', `${BigInt(number) + OFFSET}`, now)
  return video?.contentType === 'video' ? video : null
}

/** What is attached to a publication, with the selected fields and the errors of private ones. */
export function mediaObjects(
  publication: SimulatedPublication,
  numbers: Record<string, number>,
  {
    selection,
    simulation,
    arePrivateShown,
  }: {
    selection: Selection
    simulation: Simulation
    arePrivateShown: boolean
  },
): { media: JsonObject[]; errors: JsonObject[] } {
  const asked = Object.keys(PRIVATE).filter((name) => selection.media.has(name))
  const keys = mediaKeys(publication)
  if (asked.length > 0 && !arePrivateShown && publication.contentType === 'video') {
    const errors = keys.flatMap((id) =>
      asked
        .flatMap((group) => (PRIVATE[group] ?? []).map((name) => `${group}.${name}`))
        .map((field) => {
          const item = { resource: 'media' as const, parameter: 'media_keys', id }
          return fieldNotAuthorized(simulation, item, field, 'includes')
        }),
    )
    return { media: [], errors }
  }
  const shown = ['media_key', 'type', ...selection.media]
  const media = keys.map((key) => {
    const all = mediumOf(publication, key, numbers)
    return Object.fromEntries(Object.entries(all).filter(([name]) => shown.includes(name)))
  })
  return { media, errors: [] }
}

function mediumOf(
  publication: SimulatedPublication,
  media_key: string,
  numbers: Record<string, number>,
): JsonObject {
  const { durationSeconds, thumbnailUrl } = publication
  if (publication.contentType !== 'video') {
    return { media_key, type: 'photo', url: thumbnailUrl, width: 1600, height: 1200 }
  }
  return {
    media_key,
    type: 'video',
    duration_ms: Math.round((durationSeconds ?? 0) * 1000),
    width: 1080,
    height: 1920,
    preview_image_url: thumbnailUrl,
    public_metrics: pick(numbers, ['view_count']),
    non_public_metrics: pick(numbers, PLAYBACK),
    organic_metrics: pick(numbers, [...PLAYBACK, 'view_count']),
  }
}
