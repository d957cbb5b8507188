import type { Change as ChangeModel, ChangePlace, ChangeSubject } from '../../domain/change.ts'
import { type CursorOrder, encodeCursor } from '../../domain/cursor.ts'
import { AppError } from '../../domain/errors.ts'
import type { Cursor } from '../../domain/page.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { type PageArguments, toPageRequest } from '../page-arguments.ts'
import { forwardArgs } from '../pages.ts'
import { Measured, type MeasuredRow } from './measured.ts'

const IN_COMMIT_ORDER: CursorOrder = { name: 'changes', value: 'number' }
const SUBJECTS: readonly ChangeSubject[] = ['account', 'publication', 'video']

interface ChangeOfRow {
  at: Date
  row: MeasuredRow
}

interface Edge {
  cursor: string
  node: ChangeOfRow
}

export const Change = builder.objectRef<ChangeOfRow>('Change').implement({
  description: 'That numbers or the state of something were changed.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime' }),
    subject: t.field({
      type: Measured,
      description: 'What was changed, as it is now.',
      resolve: ({ row }) => row,
    }),
  }),
})

export const ChangeEdge = builder.objectRef<Edge>('ChangeEdge').implement({
  description: 'A change, and its place in the feed.',
  fields: (t) => ({
    cursor: t.exposeString('cursor'),
    node: t.expose('node', { type: Change }),
  }),
})

interface Feed {
  edges: Edge[]
  pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }
}

export const ChangeConnection = builder.objectRef<Feed>('ChangeConnection').implement({
  description:
    'A page of the feed. `pageInfo.endCursor` is where the next page starts, at any time.',
  fields: (t) => ({
    // The field of the feed counts its page size, so its edges count once.
    edges: t.expose('edges', { type: [ChangeEdge], complexity: { field: 0, multiplier: 1 } }),
    pageInfo: t.expose('pageInfo', { type: builder.pageInfoRef() }),
  }),
})

builder.queryField('changes', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'A feed of what changed, oldest first: keep `endCursor` and ask again. Every change that is' +
      ' committed comes once, in the order of commits. Something that changed twice comes twice.',
    args: forwardArgs,
    resolve: (_root, args, context) => readFeed(args, context),
  }),
)

async function readFeed(args: PageArguments, { loaders }: Context): Promise<Feed> {
  const { limit, after } = toPageRequest(args, IN_COMMIT_ORDER)
  const found = await loaders.changesAfter(after && toPlace(after), limit + 1)
  const page = found.slice(0, limit)
  const rows = await Promise.all(page.map((change) => rowOf(change, loaders)))
  // Whoever keeps the cursor gets past what is gone.
  const edges = page.flatMap((change, index) => {
    const row = rows[index]
    return row ? [{ cursor: toCursor(change), node: { at: change.at, row } }] : []
  })
  const last = page.at(-1)
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > limit,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: last ? toCursor(last) : (args.after ?? null),
    },
  }
}

function rowOf(
  { subject, subjectId }: ChangeModel,
  loaders: Context['loaders'],
): Promise<MeasuredRow | null> {
  return loaders[subject].load(subjectId)
}

function toCursor({ version, subject, subjectId }: ChangePlace): string {
  return encodeCursor(IN_COMMIT_ORDER, { value: version, id: `${subject} ${subjectId}` })
}

function toPlace({ value, id }: Cursor): ChangePlace {
  const subject = SUBJECTS.find((each) => id.startsWith(`${each} `))
  if (subject === undefined || !Number.isSafeInteger(value)) {
    throw new AppError('BAD_USER_INPUT', '`after` is not a cursor.', 'after')
  }
  return { version: Number(value), subject, subjectId: id.slice(subject.length + 1) }
}
