import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import type { SimulatedPublication } from '../account.ts'
import { livingMetrics, wireNames, wireNumbers } from '../catalogue.ts'
import type { Simulation } from '../simulation.ts'
import { fieldNotAuthorized } from './item-errors.ts'
import type { Selection } from './parameters.ts'

/** The fields that hold numbers, and the catalogue's sources of what is in them. */
const SOURCES = {
  public_metrics: ['media.public_metrics'],
  non_public_metrics: ['media.non_public_metrics'],
  organic_metrics: [
    ...['media.organic_metrics', 'media.non_public_metrics', 'media.public_metrics'],
  ],
}

/** The fields that only the author sees, for 30 days. */
const PRIVATE = ['non_public_metrics', 'organic_metrics'] as const

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
    now,
  }: {
    selection: Selection
    simulation: Simulation
    now: Date
    arePrivateShown: boolean
  },
): { media: JsonObject[]; errors: JsonObject[] } {
  const asked = PRIVATE.filter((name) => selection.media.has(name))
  const keys = mediaKeys(publication)
  if (asked.length > 0 && !arePrivateShown && publication.contentType === 'video') {
    const errors = keys.flatMap((id) =>
      asked
        .flatMap((group) => wireNames(metricsIn(group, now)).map((name) => `${group}.${name}`))
        .map((field) => {
          const item = { resource: 'media' as const, parameter: 'media_keys', id }
          return fieldNotAuthorized(simulation, item, field, 'includes')
        }),
    )
    return { media: [], errors }
  }
  const shown = ['media_key', 'type', ...selection.media]
  const media = keys.map((key) => {
    const all = mediumOf(publication, key, (group) => wireNumbers(numbers, metricsIn(group, now)))
    return Object.fromEntries(Object.entries(all).filter(([name]) => shown.includes(name)))
  })
  return { media, errors: [] }
}

function mediumOf(
  publication: SimulatedPublication,
  media_key: string,
  numbersIn: (group: keyof typeof SOURCES) => Record<string, number>,
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
    public_metrics: numbersIn('public_metrics'),
    non_public_metrics: numbersIn('non_public_metrics'),
    organic_metrics: numbersIn('organic_metrics'),
  }
}

function metricsIn(group: keyof typeof SOURCES, now: Date): MetricDefinition[] {
  return livingMetrics({ platform: 'x', subjects: ['video'], sources: SOURCES[group] }, now)
}
