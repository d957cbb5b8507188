import { AppError } from '../../domain/errors.ts'
import { builder } from '../builder.ts'
import { decodeId } from '../ids.ts'
import { PAGE_SIZE_MAX } from '../page-arguments.ts'

builder.queryField('node', (t) =>
  t.node({
    description: 'Anything by its global id. Null: this workspace has no such thing.',
    args: { id: t.arg.id({ required: true }) },
    id: (_root, { id }) => toNodeId(id),
  }),
)

builder.queryField('nodes', (t) =>
  t.nodeList({
    description: `Things by their global ids, in their order, at most ${PAGE_SIZE_MAX}.`,
    args: { ids: t.arg.idList({ required: true }) },
    ids: (_root, { ids }) => {
      if (ids.length <= PAGE_SIZE_MAX) return ids.map(toNodeId)
      const message = `\`ids\` takes at most ${PAGE_SIZE_MAX} ids, not ${ids.length}.`
      throw new AppError('BAD_USER_INPUT', message, 'ids')
    },
  }),
)

// What is no global id names nothing, as an id of another workspace does.
function toNodeId(id: string) {
  const decoded = decodeId(id)
  return decoded === null || decoded.id.includes('\0') ? null : id
}
