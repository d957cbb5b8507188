import { type Selectable, sql } from 'kysely'
import type { Workspace } from '../domain/workspace.ts'
import type { Db } from './connect.ts'
import { insertRows, type Row } from './rows.ts'
import type { Database } from './schema.ts'

/** A workspace as it is made. */
export interface NewWorkspace
  extends Pick<Workspace, 'id' | 'name' | 'refreshCooldownHours' | 'refreshMonthlyQuota'> {
  createdAt: Date
}

/** The workspace with this id; null: there is none. */
export async function workspaceById(db: Db, id: string): Promise<Workspace | null> {
  const row = await db
    .selectFrom('workspace')
    .selectAll()
    .where('workspace_id', '=', id)
    .executeTakeFirst()
  return row ? toWorkspace(row) : null
}

/** Makes a workspace. Answers whether it did: an id that is taken changes nothing. */
export async function insertWorkspace(db: Db, workspace: NewWorkspace): Promise<boolean> {
  const { rows } = await sql`
    ${insertRows('workspace', [workspaceCells(workspace)])}
    on conflict do nothing returning workspace_id`.execute(db)
  return rows.length === 1
}

/** A workspace as the columns of its row. */
export function workspaceCells(workspace: NewWorkspace): Row<'workspace'> {
  return {
    workspace_id: workspace.id,
    name: workspace.name,
    refresh_cooldown_hours: workspace.refreshCooldownHours,
    refresh_monthly_quota: workspace.refreshMonthlyQuota,
    created_at: workspace.createdAt,
  }
}

/** Every workspace, oldest first. */
export async function allWorkspaces(db: Db): Promise<Workspace[]> {
  const rows = await db
    .selectFrom('workspace')
    .selectAll()
    .orderBy('created_at')
    .orderBy('workspace_id')
    .execute()
  return rows.map(toWorkspace)
}

function toWorkspace(row: Selectable<Database['workspace']>): Workspace {
  return {
    id: row.workspace_id,
    name: row.name,
    refreshCooldownHours: row.refresh_cooldown_hours,
    refreshMonthlyQuota: row.refresh_monthly_quota,
    dataVersion: row.data_version,
  }
}
