import { expect, test } from 'vitest'
import type { Listing } from '../../src/domain/connector.ts'
import { elements, PAGE, PAGE_ENCODED, postObject } from './linkedin-world.ts'
import { failureOfCall, openUpstream, type Request } from './support.ts'

const ids = (count: number) => Array.from({ length: count }, (_, n) => `urn:li:share:${9000 - n}`)

const start = (answer: (request: Request) => ReturnType<typeof elements>) =>
  openUpstream('linkedin', answer)

const listOnce = ({ connector, context }: ReturnType<typeof start>, cursor: string | null = null) =>
  connector.listPublications(PAGE, cursor, context)

const contentOf = async (more: object) => {
  const { items } = await listOnce(start(() => elements([postObject('urn:li:share:1', more)])))
  return items[0]?.content
}

test('250 posts are three pages, newest first, without dark advertisements', async () => {
  const all = ids(250)
  const upstream = start(({ url }) => {
    const from = Number(url.searchParams.get('start'))
    const page = all.slice(from, from + 100).map((id) => postObject(id))
    return elements(page, from + 100 < all.length)
  })
  const found: string[] = []
  let cursor: string | null = null
  do {
    const page: Listing = await listOnce(upstream, cursor)
    found.push(...page.items.map((item) => item.platformPostId))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(found).toEqual(all)
  expect(upstream.calls()).toBe(3)
  expect(upstream.requests[0]?.url.search).toBe(
    `?q=author&author=${PAGE_ENCODED}&count=100&start=0&sortBy=CREATED&isDsc=false`,
  )
  expect(upstream.requests[0]?.headers).toMatchObject({
    'x-restli-method': 'FINDER',
    'x-restli-protocol-version': '2.0.0',
    'linkedin-version': '202609',
  })
})

test('an empty page is the last one, whatever it links to', async () => {
  expect(await listOnce(start(() => elements([], true)))).toMatchObject({ nextCursor: null })
})

test('drafts, dark advertisements and what is no post are left out', async () => {
  const { items } = await listOnce(
    start(() =>
      elements([
        postObject('urn:li:share:1', { lifecycleState: 'DRAFT' }),
        postObject('urn:li:share:2', { adContext: { isDsc: true } }),
        postObject('urn:li:activity:3'),
        { commentary: 'of nobody' },
        postObject('urn:li:ugcPost:4'),
      ]),
    ),
  )
  expect(items.map((item) => item.platformPostId)).toEqual(['urn:li:ugcPost:4'])
})

test('a post has its text, its link and the time at which it went live', async () => {
  expect(await contentOf({})).toEqual({
    url: 'https://www.linkedin.com/feed/update/urn:li:share:1',
    text: 'New release (v2)',
    contentType: 'text',
    thumbnailUrl: null,
    durationSeconds: null,
    publishedAt: new Date(1_794_297_601_000),
  })
  const drafted = await contentOf({ publishedAt: undefined })
  expect(drafted?.publishedAt).toEqual(new Date(1_794_297_600_000))
})

test.each([
  [undefined, 'text'],
  [{}, 'text'],
  [{ media: { id: 'urn:li:video:C5F10AQ' } }, 'video'],
  [{ media: { id: 'urn:li:image:C4E10AQ' } }, 'image'],
  [{ media: { id: 'urn:li:document:D4D10AQ' } }, 'carousel'],
  [{ multiImage: { images: [] } }, 'carousel'],
  [{ article: { source: 'https://acme.example' } }, 'link'],
  [{ poll: {} }, 'other'],
  ['text', 'text'],
])('content %j is %s', async (content, contentType) => {
  expect(await contentOf({ content })).toMatchObject({ contentType })
})

test.each([
  [
    'a \\(b\\) \\[c\\] \\{d\\} \\<e\\> \\@f \\#g \\* \\_ \\~ \\| \\\\',
    'a (b) [c] {d} <e> @f #g * _ ~ | \\',
  ],
  ['Thanks @[Acme \\(EU\\)](urn:li:organization:1)!', 'Thanks Acme (EU)!'],
  ['{hashtag|\\#|launch\\_day} #plain', '#launch_day #plain'],
  ['C:\\new', 'C:\\new'],
  ['@['.repeat(4), '@['.repeat(4)],
])('the text %j reads %j', async (commentary, text) => {
  expect(await contentOf({ commentary })).toMatchObject({ text })
})

test('a text made to be searched for ever is read at once', async () => {
  const commentary = '@['.repeat(200_000)
  const started = performance.now()
  await contentOf({ commentary })
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a cursor of nobody’s is our own fault', async () => {
  const upstream = start(() => elements([]))
  expect((await failureOfCall(listOnce(upstream, 'next'))).kind).toBe('misconfigured')
  expect(upstream.calls()).toBe(0)
})
