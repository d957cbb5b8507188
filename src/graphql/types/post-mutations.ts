import type { Post as PostModel } from '../../domain/post.ts'
import { builder } from '../builder.ts'
import { toLocalId } from '../ids.ts'
import { ContentType } from './content-type.ts'
import { InvalidInputError, invalidInput, NotFoundError, notFound } from './error.ts'
import { Post } from './post.ts'

export const RecordPublicationInput = builder.inputType('RecordPublicationInput', {
  description: 'Where a post was published: under which account, as which post of the platform.',
  fields: (t) => ({
    localId: t.string({ description: 'Keep an id you already use; otherwise one is made.' }),
    accountId: t.id({ required: true }),
    platformPostId: t.string({ required: true, description: "The platform's own id of it." }),
    url: t.field({ type: 'URL' }),
    text: t.string({ description: 'Its words there. Left out: the platform tells.' }),
    contentType: t.field({ type: ContentType, description: 'Left out: the platform tells.' }),
    createdAt: t.field({ type: 'DateTime', description: 'Left out: now.' }),
    publishedAt: t.field({ type: 'DateTime', description: 'Left out: the platform tells.' }),
  }),
})

export const RecordPostInput = builder.inputType('RecordPostInput', {
  description: 'A piece of content, and everywhere it was published.',
  fields: (t) => ({
    localId: t.string({ description: 'Keep an id you already use; otherwise one is made.' }),
    text: t.string(),
    publications: t.field({ type: [RecordPublicationInput], required: true }),
  }),
})

export const RecordPostSucceeded = builder
  .objectRef<{ kind: 'recorded'; post: PostModel }>('RecordPostSucceeded')
  .implement({
    description: 'The post is recorded, and a first refresh of its publications is queued.',
    fields: (t) => ({ post: t.expose('post', { type: Post }) }),
  })

export const RecordPostResult = builder.unionType('RecordPostResult', {
  description: 'The recorded post, or why nothing was recorded.',
  types: [RecordPostSucceeded, InvalidInputError, NotFoundError],
  resolveType: ({ kind }) =>
    ({ recorded: RecordPostSucceeded, invalid: InvalidInputError, not_found: NotFoundError })[kind],
})

builder.mutationField('recordPost', (t) =>
  t.field({
    type: RecordPostResult,
    authScopes: { scope: 'workspace:manage' },
    description: 'Records that a post was published, so that its numbers are watched.',
    args: { input: t.arg({ type: RecordPostInput, required: true }) },
    resolve: async (_root, { input }, { commands, loaders, principal }) => {
      const answer = await commands.recordPost(principal.workspaceId, {
        localId: input.localId ?? null,
        text: input.text ?? null,
        publications: input.publications.map((publication) => ({
          localId: publication.localId ?? null,
          accountId: toLocalId('Account', publication.accountId, 'accountId'),
          platformPostId: publication.platformPostId,
          url: publication.url ?? null,
          text: publication.text ?? null,
          contentType: publication.contentType ?? null,
          createdAt: publication.createdAt ?? null,
          publishedAt: publication.publishedAt ?? null,
        })),
      })
      loaders.clear()
      if (answer.kind === 'not_found') return notFound('account')
      return answer.kind === 'invalid' ? invalidInput(answer.field, answer.message) : answer
    },
  }),
)
