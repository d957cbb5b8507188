import { type RawBuilder, sql } from 'kysely'
import type { Notice } from '../domain/notice.ts'
import { type RefreshJson, readRefresh } from './refresh-rows.ts'

/** Where notices are sent. */
export const NOTICE_CHANNEL = 'weir'

// A notice holds less than 8000 bytes. Everything else in it is shorter.
const MESSAGE_LENGTH_MAX = 500

/**
 * Tells every process that listens, once the transaction commits: of the workspace's version, and
 * of one row of `refresh` that stands in the statement as `told`, if any does.
 */
export function noticeOf(workspaceId: string, version: RawBuilder<number>): RawBuilder<unknown> {
  const shortened = sql`jsonb_build_object(
    'error_message', left(told.error_message, ${sql.lit(MESSAGE_LENGTH_MAX)}))`
  return sql`pg_notify(${sql.lit(NOTICE_CHANNEL)}, json_build_object(
    'workspaceId', ${workspaceId}::text,
    'version', ${version},
    'refresh', case when told.id is not null
      then to_jsonb(told) - 'publication_ids' || ${shortened} end
  )::text)`
}

/** What a text of `noticeOf` tells. Throws for any other text. */
export function readNotice(text: string): Notice {
  const { workspaceId, version, refresh } = JSON.parse(text)
  const refreshes = refresh === null ? [] : [toStep(refresh)]
  return { workspaceId, version, refreshes }
}

function toStep(json: RefreshJson): Notice['refreshes'][number] {
  const { publicationIds, ...step } = readRefresh(json)
  return step
}
