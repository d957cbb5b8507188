import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { livingMetrics, type MetricGroup, wireNumbers } from '../catalogue.ts'
import { type Builder, buildNode } from '../graph/build.ts'
import type { SelectedField } from '../graph/fields.ts'
import { accountNumbersFor, publicationNumbersFor } from '../numbers.ts'
import { childIdOf } from './media-id.ts'
import { mediaInsights, productOf } from './media-insights.ts'
import { CHILDREN, scopedId } from './nodes.ts'
import type { Admitted, Flavour } from './route.ts'

const PROFILE: MetricGroup = {
  platform: 'instagram',
  subjects: ['account'],
  sources: ['profile'],
}

/** An account's node with the selected fields, the id always among them. */
export function accountObject(
  admitted: Admitted,
  account: SimulatedAccount,
  fields: readonly SelectedField[],
): JsonObject {
  const { call, flavour, simulation } = admitted
  const counts = livingMetrics(PROFILE, call.now)
  const numbers = wireNumbers(accountNumbersFor(call, account, simulation), counts)
  const isOwnHost = flavour === 'instagram'
  const builders: Record<string, Builder> = {
    id: () => (isOwnHost ? scopedId(account) : account.platformAccountId),
    username: () => account.handle,
    name: () => account.displayName,
    biography: () => `${account.displayName} on Instagram`,
    website: () => `https://${account.brand}.example/`,
    profile_picture_url: () => account.avatarUrl,
    ...Object.fromEntries(counts.map(({ wire }) => [wire, () => numbers[wire]])),
    ...(isOwnHost
      ? { user_id: () => account.platformAccountId, account_type: () => 'BUSINESS' }
      : {}),
  }
  return buildNode(call, typeOf('IGUser', flavour), builders, fields)
}

/** A medium's node with the selected fields; `insights` fail the call where the edge would. */
export function mediaObject(
  admitted: Admitted,
  publication: SimulatedPublication,
  fields: readonly SelectedField[],
  child = 0,
): JsonObject {
  const { call, simulation } = admitted
  const { account, contentType, platformPostId, text, url } = publication
  const product = productOf(publication)
  const isPlayed = product === 'REELS' || product === 'FEED_VIDEO'
  const numbers = publicationNumbersFor(call, publication, simulation)
  const file = `https://cdn.example/${platformPostId}-${child}`
  const expiry = Math.floor(call.now.getTime() / 1000) + 86_400
  const builders: Record<string, Builder> = {
    id: () => (child === 0 ? platformPostId : childIdOf(platformPostId, child)),
    caption: () => (text === '' || child > 0 ? undefined : text),
    media_type: () => (isPlayed ? 'VIDEO' : mediaTypeOf(contentType, child)),
    media_product_type: () => (product === 'REELS' || product === 'STORY' ? product : 'FEED'),
    media_url: () => `${file}.${isPlayed ? 'mp4' : 'jpg'}?exp=${expiry}`,
    thumbnail_url: () => (isPlayed ? `${file}-cover.jpg?exp=${expiry}` : undefined),
    permalink: () => url,
    shortcode: () => url.split('/').at(-2),
    timestamp: () => publication.publishedAt.toISOString().replace('.000Z', '+0000'),
    username: () => account.handle,
    owner: () => ({ id: scopedId(account) }),
    is_comment_enabled: () => !publication.areCommentsClosed,
    alt_text: () => undefined,
    like_count: () => (account.hidesLikes ? undefined : numbers['likes']),
    comments_count: () => numbers['comments'],
    children: ({ fields: below }) => childrenOf(admitted, publication, below),
    insights: ({ modifiers }) => ({
      data: mediaInsights(admitted, { publication, child }, modifiers['metric'] ?? ''),
    }),
  }
  return buildNode(call, typeOf('IGMedia', admitted.flavour), builders, fields)
}

function mediaTypeOf(contentType: string, child: number): string {
  return contentType === 'carousel' && child === 0 ? 'CAROUSEL_ALBUM' : 'IMAGE'
}

function childrenOf(
  admitted: Admitted,
  publication: SimulatedPublication,
  fields: readonly SelectedField[],
): JsonValue | undefined {
  if (publication.contentType !== 'carousel') return undefined
  const children = Array.from({ length: CHILDREN }, (_, place) => place + 1)
  return { data: children.map((child) => mediaObject(admitted, publication, fields, child)) }
}

function typeOf(name: string, flavour: Flavour) {
  return { name, errorType: flavour === 'instagram' ? 'IGApiException' : 'OAuthException' } as const
}
