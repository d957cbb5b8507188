import { expect, onTestFinished, test } from 'vitest'
import { summaryOf } from '../../src/cli/import-report.ts'
import type { Db } from '../../src/store/connect.ts'
import { videosOfPublications } from '../../src/store/videos.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { openTestStore } from '../support/database.ts'
import { importInto } from '../support/importing.ts'

const of = { workspace_id: 'w' }
const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }
const ACCOUNT = { type: 'account', ...of, id: 'acc', platform: 'x', platform_account_id: '1' }
const publication = (id: string, contentType: string | null) => ({
  ...{ type: 'publication', ...of, id, account_id: 'acc', platform_post_id: `on-${id}` },
  content_type: contentType,
})
const FILE = [
  ...[WORKSPACE, ACCOUNT, publication('reel', 'reel'), publication('text', 'text')],
  ...[publication('filmed', null), publication('other', 'other')],
  { type: 'video', ...of, id: 'va', publication_id: 'filmed' },
]

async function openStore(): Promise<Db> {
  const store = await openTestStore()
  onTestFinished(() => store.close())
  return store.db
}

async function videosIn(db: Db): Promise<Map<string, string>> {
  const videos = await videosOfPublications(db, 'w', ['reel', 'text', 'filmed', 'other'])
  return new Map(videos.map(({ publication, id }) => [publication.id, id]))
}

test('a publication of a video kind gets a record where the file has none', async () => {
  const db = await openStore()
  const { counts } = await importInto(db, FILE)
  const videos = await videosIn(db)
  expect([...videos.keys()].sort()).toEqual(['filmed', 'reel'])
  expect(videos.get('filmed')).toBe('va')
  expect(counts && summaryOf(counts)).toBe(
    'Stored 1 workspace, 1 account, 0 posts, 4 publications, 1 video, 0 snapshots.' +
      ' Made 1 video for publications.',
  )
})

test('the same file again, replacing or not, makes no second one', async () => {
  const db = await openStore()
  await importInto(db, FILE)
  const [videos, workspace] = [await videosIn(db), await workspaceById(db, 'w')]
  const { counts } = await importInto(db, FILE)
  expect(counts && summaryOf(counts)).toMatch(/^Stored 0 .* 0 snapshots\. 7 records exist already/)
  expect(await workspaceById(db, 'w')).toEqual(workspace)
  await importInto(db, FILE, { replace: true })
  expect(await videosIn(db)).toEqual(videos)
})

test('a publication that becomes a video gets its record then', async () => {
  const db = await openStore()
  await importInto(db, FILE)
  await importInto(db, [publication('text', 'video')])
  expect((await videosIn(db)).has('text')).toBe(false)
  const { counts } = await importInto(db, [publication('text', 'video')], { replace: true })
  expect((await videosIn(db)).has('text')).toBe(true)
  expect(counts && summaryOf(counts)).toMatch(
    / Made 1 video .* Replaced 1 record of what was there\.$/,
  )
})

test('one record that stays is spoken of as one', async () => {
  const db = await openStore()
  await importInto(db, [WORKSPACE])
  const { counts } = await importInto(db, [WORKSPACE])
  expect(counts && summaryOf(counts)).toMatch(/ 1 record exists already and stayed as it was\.$/)
})
