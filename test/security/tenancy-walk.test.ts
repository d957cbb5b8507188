import { getNamedType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, NODE_TYPES, type NodeType } from '../../src/graphql/ids.ts'
import { WORKSPACE } from '../support/gateway.ts'
import { leveled } from './alike.ts'
import { argumentsOf, type GivenInput } from './given-arguments.ts'
import { type IdInput, idInputs, type Meaning } from './id-inputs.ts'
import { selectionOf } from './selections.ts'
import { type Ids, idsOf, openTwoWorkspaces, THEIRS, type TwoWorkspaces } from './two-workspaces.ts'

const INPUTS = idInputs()
const meaning = (...meanings: Meaning[]) => INPUTS.filter((each) => meanings.includes(each.meaning))
const NEVER = idsOf('their-never', 'their-never-workspace')
const DEPTH = 2

let two: TwoWorkspaces
let numbers = 0

function nextNumber(): number {
  numbers += 1
  return numbers
}

beforeAll(async () => {
  two = await openTwoWorkspaces()
  // Wishes of both that later ones join.
  for (const ids of [two.own, two.theirs]) {
    const key = JSON.stringify(ids.idempotencyKey)
    const account = `accountId: "${ids.Account}", idempotencyKey: ${key}`
    const post = `postId: "${ids.Post}", idempotencyKey: ${key}`
    await ask(`mutation { refreshAccount(${account}) { __typename } }`, ids)
    await ask(`mutation { refreshPost(${post}) { __typename } }`, ids)
  }
}, 60_000)
afterAll(() => two[Symbol.asyncDispose]())

interface Asked {
  status: number
  data?: unknown
  errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[]
}

async function ask(query: string, { Workspace }: Ids, variables = {}): Promise<Asked> {
  const key = Workspace === WORKSPACE ? two.gateway.key : two.theirKey
  const headers = {
    ...{ authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(query.startsWith('subscription') && { accept: 'text/event-stream' }),
  }
  const body = JSON.stringify({ query, variables })
  const answer = await two.gateway.fetch({ method: 'POST', headers, body })
  if (query.startsWith('subscription'))
    return { status: answer.status, data: await firstEvent(answer) }
  const { data, errors } = (await answer.json()) as Asked
  return { status: answer.status, data, ...(errors && { errors }) }
}

async function firstEvent({ body }: Response): Promise<unknown> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const part = await reader?.read()
    text += part?.value ?? ''
    const event = /^data: (.*)$/m.exec(text)?.[1]
    if (event || part?.done !== false) {
      await reader?.cancel()
      return event ? JSON.parse(event) : text
    }
  }
}

interface Operation {
  query: string
  variables: Record<string, unknown>
}

/** The operation that gives an input a value, on the way through what `ids` names. */
function operation({ of, path }: IdInput, value: string, ids: Ids): Operation {
  const { type, field } = of
  const variables: Operation['variables'] = {}
  const declared: string[] = []
  const declare = ({ input }: GivenInput, text: string) => {
    const name = `v${declared.length}`
    declared.push(`$${name}: ${input.type}`)
    variables[name] = `${input.type}`.startsWith('[') ? [text] : text
    return `$${name}`
  }
  const given = argumentsOf(field.args, (each) => {
    if (each.path === path) return declare(each, value)
    const isNeeded = `${each.input.type}`.endsWith('!')
    if (isNeeded && getNamedType(each.input.type).name === 'ID') {
      return declare(each, /post/i.test(each.path) ? ids.Post : ids.Account)
    }
    const isName = INPUTS.some(
      (one) => one.of.name === of.name && one.path === each.path && one.meaning === 'name',
    )
    return isName ? declare(each, `made-up-${nextNumber()}`) : undefined
  })
  const head = declared.length === 0 ? '' : `(${declared.join(', ')})`
  const asked = `${field.name}${given} ${selectionOf(field.type, DEPTH)}`
  if (['Query', 'Mutation', 'Subscription'].includes(type.name)) {
    return { query: `${type.name.toLowerCase()} ${head} { ${asked} }`, variables }
  }
  const nodeType = NODE_TYPES.find((each) => each === type.name)
  if (!nodeType) throw new Error(`Nobody said how to get to ${of.name}.`)
  const node = `node(id: "${encodeId(nodeType, ids[nodeType])}")`
  return { query: `query ${head} { ${node} { ... on ${nodeType} { ${asked} } } }`, variables }
}

/** What an input's operation answers to a value, alike for values that mean as little. */
async function answerTo(input: IdInput, value: string, ids = two.own): Promise<unknown> {
  const { query, variables } = operation(input, value, ids)
  const answer = await ask(query, ids, variables)
  // Whatever is wrong with the operation would be wrong with every id.
  const codes = answer.errors?.map(({ extensions }) => extensions['code']) ?? []
  expect(codes.filter((code) => code !== 'BAD_USER_INPUT' && code !== 'NOT_FOUND')).toEqual([])
  const names = Object.values(variables)
    .flat()
    .filter((each) => /^(made-up|their|never)-/.test(`${each}`))
  return leveled(answer, [
    ...names.map(String),
    value,
    ...NODE_TYPES.flatMap((type) => formsIn(value, type)),
  ])
}

const formsIn = (value: string, type: NodeType) =>
  [two.theirs[type], NEVER[type]].filter((id) => value === encodeId(type, id))

const forms = (ids: Ids, type: NodeType) => [ids[type], encodeId(type, ids[type])]

describe('ids', () => {
  test.each(meaning('id'))('$name knows another workspace’s as little as none', async (input) => {
    const before = await Promise.all([WORKSPACE, THEIRS].map(two.rowsOf))
    for (const type of NODE_TYPES) {
      const never = forms(NEVER, type)
      for (const [form, id] of forms(two.theirs, type).entries()) {
        const expected = await answerTo(input, never[form] ?? '')
        expect([id, await answerTo(input, id)]).toEqual([id, expected])
      }
    }
    expect(await Promise.all([WORKSPACE, THEIRS].map(two.rowsOf))).toEqual(before)
  })

  test.each(meaning('id').filter(({ of }) => of.type.name !== 'Subscription'))(
    '$name knows its own workspace’s, so that it is asked in earnest',
    async (input) => {
      const never = await answerTo(input, NEVER.Account)
      const own = NODE_TYPES.flatMap((type) => forms(two.own, type))
      const answers = []
      for (const id of own) answers.push(JSON.stringify(await answerTo(input, id)))
      expect(answers.filter((answer) => answer !== JSON.stringify(never))).not.toEqual([])
    },
  )
})

describe('places', () => {
  test.each(meaning('cursor'))(
    '$name takes another workspace’s as one of nothing',
    async (input) => {
      const theirs = await cursorOf(input, two.theirs)
      const [order, value, id] = JSON.parse(Buffer.from(theirs, 'base64url').toString())
      const forgedId = String(id).replace(/their-\S+$/, (found) => `${found}-never`)
      const forged = Buffer.from(JSON.stringify([order, value, forgedId])).toString('base64url')
      const expected = await answerTo(input, forged)
      expect(await answerTo(input, theirs)).toEqual(expected)
      expect(JSON.stringify(expected)).not.toContain('their-')
    },
  )
})

async function cursorOf({ of, name }: IdInput, ids: Ids): Promise<string> {
  const { type, field } = of
  const page = `${field.name}(first: 1) { pageInfo { endCursor } }`
  const nodeType = NODE_TYPES.find((each) => each === type.name)
  const query = nodeType
    ? `{ node(id: "${encodeId(nodeType, ids[nodeType])}") { ... on ${nodeType} { ${page} } } }`
    : `{ ${page} }`
  const { data, errors } = await ask(query, ids)
  const cursor = /"endCursor":"([^"]+)"/.exec(JSON.stringify(data))?.[1]
  if (!cursor) throw new Error(`${name} has no place: ${JSON.stringify(errors)}`)
  return cursor
}

describe('names that callers choose', () => {
  test.each(meaning('name', 'key'))(
    '$name means the same to each workspace alone',
    async (input) => {
      const before = await two.rowsOf(THEIRS)
      const texts = [...Object.values(two.theirs)]
      for (const text of texts) {
        const expected = await answerTo(input, `never-${nextNumber()}`)
        expect([text, await answerTo(input, text)]).toEqual([text, expected])
      }
      expect(await two.rowsOf(THEIRS)).toBe(before)
    },
  )
})
