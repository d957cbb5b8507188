import { AppError } from '../domain/errors.ts'
import {
  type OverviewGroup,
  type OverviewQuestion,
  type OverviewTotals,
  orderGroups,
} from '../domain/overview.ts'
import { totalsOf } from '../domain/totals.ts'
import type { Db } from '../store/connect.ts'
import { publicationOverview } from '../store/overview.ts'
import { type ListLoader, loadLists } from './batch.ts'

const NOTHING: OverviewTotals = { ...totalsOf([]), engagementRate: null }
const NO_PART: OverviewPart = { totals: NOTHING, groups: [] }

interface OverviewPart {
  totals: OverviewTotals
  groups: OverviewGroup[]
}

/** The reads of overviews. Whatever is asked of one within one tick is one statement. */
export interface OverviewLoaders {
  /** Window 0 is the filter's own, 1 the one of the same length before it, and so on. */
  overview: {
    totals(question: OverviewQuestion, window: number): Promise<OverviewTotals>
    /** In their order. Throws `BAD_USER_INPUT` when there are more than the question allows. */
    groups(question: OverviewQuestion, window: number): Promise<OverviewGroup[]>
    /** Forgets every answer, for reads that follow a change. */
    clearAll(): unknown
  }
}

/** The reads of overviews of one workspace, for one request. */
export function createOverviewLoaders(db: Db, workspaceId: string): OverviewLoaders {
  const parts: ListLoader<OverviewQuestion, OverviewPart> = loadLists(
    (keys, question: OverviewQuestion) => readParts(db, workspaceId, question, keys),
    NO_PART,
  )
  return {
    overview: {
      totals: async (question, window) => (await parts.load(`totals ${window}`, question)).totals,
      groups: async (question, window) => (await parts.load(`groups ${window}`, question)).groups,
      clearAll: () => parts.clearAll(),
    },
  }
}

async function readParts(
  db: Db,
  workspaceId: string,
  question: OverviewQuestion,
  keys: readonly string[],
): Promise<Map<string, OverviewPart>> {
  const { totals, groups } = await publicationOverview(db, workspaceId, {
    ...question,
    totalsOf: windowsIn(keys, 'totals'),
    groupsOf: windowsIn(keys, 'groups'),
  })
  checkGroups([...groups.values()].flat().length, question.groupsMax)
  return new Map([
    ...[...totals].map(([window, each]) => partOf('totals', window, { totals: each })),
    ...[...groups].map(([window, rows]) =>
      partOf('groups', window, { groups: orderGroups(rows, question.groupBy) }),
    ),
  ])
}

function windowsIn(keys: readonly string[], kind: 'totals' | 'groups'): number[] {
  return keys.filter((key) => key.startsWith(kind)).map((key) => Number(key.slice(kind.length)))
}

function partOf(
  kind: 'totals' | 'groups',
  window: number,
  part: Partial<OverviewPart>,
): [string, OverviewPart] {
  return [`${kind} ${window}`, { ...NO_PART, ...part }]
}

function checkGroups(count: number, max: number): void {
  if (count <= max) return
  const message =
    `This overview has more than ${max} groups, which is the most, those of earlier windows` +
    ' included. Group by less or by longer times, or narrow the filter.'
  throw new AppError('BAD_USER_INPUT', message, 'groupBy')
}
