import { requestedMetrics } from '../../domain/catalog/catalog.ts'
import { type AccountReading, ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { unanswered } from '../failures.ts'
import { objectsAt, textOf, valueAt, wordsOf } from '../json.ts'
import { dayOf, pickNumbers } from '../numbers.ts'
import { countOf, thumbnailOf } from './content.ts'
import { LABEL } from './errors.ts'
import { withItems } from './items.ts'
import { requireScope, type YoutubeSession } from './request.ts'
import type { UploadsCache } from './uploads.ts'

/**
 * A channel's numbers and profile: `GET /youtube/v3/channels`, scope `youtube.readonly`, one unit.
 * Counters are totals; subscribers are rounded down by YouTube, and unknown where they are hidden.
 */
export async function readYoutubeChannel(
  session: YoutubeSession,
  uploads: UploadsCache,
): Promise<AccountReading> {
  const { api, account, context } = session
  requireScope('data', account)
  const { platformAccountId } = account.account
  const params = { part: 'snippet,statistics,contentDetails', mine: 'true' }
  const query = { api: 'data', path: '/youtube/v3/channels', params } as const
  return api.ask(query, account, context, (body) => {
    const channel = channelIn(body, platformAccountId)
    const playlistId = wordsOf(valueAt(channel, 'contentDetails.relatedPlaylists.uploads'))
    if (playlistId !== null) uploads.set(platformAccountId, playlistId)
    return toReading(channel, context.now)
  })
}

/**
 * The token's own channel in an answer. Throws `unsupported` when the Google account has none, and
 * `unauthorized` when it is not the channel that was connected: somebody chose another one.
 */
export function channelIn(body: JsonValue, channelId: string): JsonObject {
  const channels = objectsAt(withItems(body), 'items')
  const [first] = channels
  if (first === undefined) {
    const message = `${LABEL} has no channel for this Google account.`
    throw new ConnectorError(unanswered('unsupported', message))
  }
  const own = channels.find((channel) => textOf(channel['id']) === channelId)
  if (own !== undefined) return own
  const message = `The token belongs to another ${LABEL} channel than the connected one.`
  throw new ConnectorError(unanswered('unauthorized', message))
}

function toReading(channel: JsonObject, now: Date): AccountReading {
  const numbers = pickNumbers({
    metrics: requestedMetrics('youtube', 'account', 'channels', dayOf(now)),
    valueOf: (metric) => channelValue(channel, metric),
  })
  return {
    ...numbers,
    payload: channel,
    profile: {
      handle: wordsOf(valueAt(channel, 'snippet.customUrl'))?.replace(/^@/, '') ?? null,
      displayName: wordsOf(valueAt(channel, 'snippet.title')),
      avatarUrl: thumbnailOf(channel),
    },
  }
}

function channelValue(channel: JsonObject, metric: MetricDefinition): JsonValue | undefined {
  const isHidden = valueAt(channel, 'statistics.hiddenSubscriberCount') === true
  // A hidden count reads as none, which it is not.
  if (isHidden && metric.wire === 'subscriberCount') return undefined
  return countOf(valueAt(channel, `statistics.${metric.wire}`))
}
