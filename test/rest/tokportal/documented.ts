import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
  WORKSPACE,
} from '../../support/gateway.ts'
import { importInto } from '../../support/importing.ts'

/** The account that the document shows, and a moment at which it is fresh. */
export const ACCOUNT = '9f3a7b2e-1c4d-4e8f-a5b6-7d9e0f1a2b3c'
export const SCRAPED_AT = new Date('2026-02-10T09:15:00Z')

const EXAMPLE = new URL('../../../src/rest/tokportal/example.ndjson', import.meta.url)

/** A line of the file that fills the store. */
export type ImportRecord = Record<string, unknown> & { type?: string }

/** The records of the file that fills the store, in the tests' workspace. Its account has a token. */
export const EXAMPLE_RECORDS: ImportRecord[] = readFileSync(EXAMPLE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as ImportRecord)
  .filter(({ type }) => type !== 'workspace')
  .map((record) => ({ ...record, workspace_id: WORKSPACE }))
  .map((record) => (record.type === 'account' ? { ...record, access_token: 'token' } : record))

/** The same, with numbers that were stale as soon as they were read. */
export const STALE_RECORDS = EXAMPLE_RECORDS.map((record) =>
  record['type'] === 'snapshot' ? { ...record, stale_after: record['captured_at'] } : record,
)

const OF_WORKSPACE = { workspace_id: WORKSPACE }
const READ_AT = '2026-02-10T09:15:00Z'

/** A video of the account as three records; without numbers it was never read. */
export function video(id: string, metrics: object | null, more: object = {}): ImportRecord[] {
  const publication = {
    ...{ type: 'publication', ...OF_WORKSPACE, id: `pub_${id}`, account_id: ACCOUNT },
    ...{ platform_post_id: id, content_type: 'video', created_at: READ_AT, ...more },
  }
  const record = { type: 'video', ...OF_WORKSPACE, id, publication_id: publication.id }
  const subject = { type: 'snapshot', ...OF_WORKSPACE, publication_id: publication.id }
  const snapshot = { ...subject, captured_at: READ_AT, metrics }
  return [publication, record, ...(metrics ? [snapshot] : [])]
}

/** The path of one of the account's endpoints. */
export function accountPath(end: string, id = ACCOUNT): string {
  return `/api/ext/accounts/${id}/analytics${end}`
}

/** Every endpoint, of what the document shows: its method and its path. */
export const ENDPOINTS = [
  ['GET', accountPath('')],
  ['POST', accountPath('/refresh')],
  ['GET', accountPath('/can-refresh')],
  ['GET', accountPath('/videos')],
  ['GET', '/api/ext/videos/va_001/analytics'],
] as const

/** An answer that the document prints, as it is. */
export function documented(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'))
}

/** The same where it deviates from its own formula: with the rates that follow from its numbers. */
export function byFormula(name: string): unknown {
  const rates: Record<string, number> = { '7.24': 9.97, '7.87': 8.49, '8.19': 8.8 }
  const text = JSON.stringify(documented(name))
  return JSON.parse(
    text.replace(/(engagement_rate":)([\d.]+)/g, (_, member, rate) => `${member}${rates[rate]}`),
  )
}

/** A gateway with the document's rows. Nobody works off its refreshes. */
export async function startFilled(
  records: readonly ImportRecord[] = EXAMPLE_RECORDS,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const gateway = await startGateway({ now: SCRAPED_AT, isWorker: false, ...options })
  const outcome = await importInto(gateway.db, records)
  expect(outcome.problems).toEqual([])
  return gateway
}

/** What a request is answered. */
export async function ask(
  gateway: Gateway,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await gateway.rest(path, init)
  expect(response.headers.get('content-type')).toBe('application/json')
  return { status: response.status, headers: response.headers, body: await response.json() }
}
