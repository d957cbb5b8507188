import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedAccount } from '../account.ts'
import { jsonAnswer } from '../answer.ts'
import { livingMetrics, wireNumbers } from '../catalogue.ts'
import { accountNumbersFor } from '../numbers.ts'
import { faultTarget } from '../simulation.ts'
import { refusal } from './errors.ts'
import { countTexts, listAnswer, resource, thumbnails, uploadsOf } from './resources.ts'
import { type DataCall, dataRoute, listOf, numberBetween } from './route.ts'

const PARTS = ['brandingSettings', 'contentDetails', 'id', 'localizations', 'snippet', 'statistics']
const IDS_MAX = 50

/** Channels by id, or the token's own. */
export const channelsRoute = dataRoute({
  path: '/youtube/v3/channels',
  parts: [...PARTS, 'status', 'topicDetails'],
  parameters: ['id', 'mine', 'maxResults', 'pageToken', 'hl'],
  read(admitted) {
    const { call } = admitted
    const perPage = numberBetween(call, 'maxResults', { low: 0, high: 50, usual: 5 })
    const channels = selectedChannels(admitted).filter((one) => isThere(admitted, one))
    const items = channels.map((one) => channelObject(admitted, one))
    // The key is missing where no channel is found.
    const list = items.length === 0 ? null : items
    return jsonAnswer(200, listAnswer('channel', list, { total: items.length, perPage }))
  },
})

function selectedChannels({ call, caller, simulation }: DataCall): SimulatedAccount[] {
  const ids = listOf(call, 'id')
  const isMine = call.query.get('mine') === 'true'
  if (ids.length > 0 && isMine) {
    const message = 'Incompatible parameters specified in the request: id, mine'
    throw refusal('invalidFilters', { message })
  }
  if (isMine) return [caller]
  if (ids.length === 0) throw refusal('missingRequiredParameter')
  if (ids.length > IDS_MAX) throw refusal('invalidFilters')
  return [...new Set(ids)].flatMap((id) => simulation.world.account('youtube', id) ?? [])
}

function isThere({ call, simulation }: DataCall, channel: SimulatedAccount): boolean {
  const target = faultTarget(call, [channel.platformAccountId])
  return !channel.isSuspended && simulation.faults.take(['gone'], target) === null
}

function channelObject({ call, parts, simulation }: DataCall, channel: SimulatedAccount) {
  const numbers = accountNumbersFor(call, channel, simulation)
  const { displayName, handle, index, platformAccountId } = channel
  return resource('channel', platformAccountId, parts, {
    snippet: {
      title: displayName,
      description: `${displayName} on YouTube`,
      customUrl: `@${handle}`,
      publishedAt: `20${10 + (index % 10)}-03-04T10:00:00Z`,
      thumbnails: thumbnails(channel.avatarUrl, false),
    },
    contentDetails: { relatedPlaylists: { likes: '', uploads: uploadsOf(channel) } },
    statistics: statistics(numbers, call.now),
  })
}

function statistics(numbers: Record<string, number>, now: Date): JsonObject {
  const group = { platform: 'youtube', subjects: ['account'], sources: ['channels'] } as const
  const metrics = livingMetrics(group, now)
  const flags = metrics.filter(({ kind }) => kind === 'flag')
  const counts = metrics.filter(({ kind }) => kind !== 'flag')
  const isHidden = numbers['hidden_subscriber_count'] === 1
  // What is hidden reads as none.
  const shown = isHidden ? { ...numbers, subscriber_count: 0 } : numbers
  return {
    ...countTexts(wireNumbers(shown, counts)),
    ...Object.fromEntries(flags.map(({ name, wire }) => [wire, numbers[name] === 1])),
  }
}
