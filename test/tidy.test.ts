import { describe, expect, test } from 'vitest'
import {
  facadeViolations,
  layerViolations,
  migrationViolations,
  packageViolations,
} from './tidy/layers.ts'
import {
  docCommentViolations,
  fileLengthViolations,
  functionLengthViolations,
  parameterViolations,
} from './tidy/shape.ts'
import { parseSource, type Source, sourcesBelow, type Violation } from './tidy/source.ts'
import {
  ambientViolations,
  mockViolations,
  platformViolations,
  vendorViolations,
} from './tidy/words.ts'

const ROOT = new URL('..', import.meta.url).pathname
const SOURCES = ['src', 'test', 'migrations'].flatMap((folder) => sourcesBelow(ROOT, folder))
const long = (lines: number) => `{\n${'  work()\n'.repeat(lines)}}`

interface Rule {
  name: string
  find: (source: Source) => Violation[]
  /** A file that breaks the rule: [path, text]. */
  broken: [string, string]
}

const RULES: Rule[] = [
  {
    name: 'layers import only downwards',
    find: layerViolations,
    broken: ['src/graphql/post.ts', "import { open } from '../store/connect.ts'"],
  },
  {
    name: 'facades do not import each other',
    find: facadeViolations,
    broken: ['src/rest/one/routes.ts', "import { shape } from '../two/shapes.ts'"],
  },
  {
    name: 'packages stay in the folders that own them',
    find: packageViolations,
    broken: ['src/refresh/engine.ts', "import { request } from 'undici'"],
  },
  {
    name: 'migrations import kysely only',
    find: migrationViolations,
    broken: ['migrations/0009.ts', "import { METRIC_FIELDS } from '../src/domain/metric.ts'"],
  },
  {
    name: 'no platform is named where the catalogue should be asked',
    find: platformViolations,
    broken: ['src/refresh/planner.ts', "export const batch = platform === 'x' ? 100 : 20"],
  },
  {
    name: 'no vendor is named outside its facade',
    find: vendorViolations,
    broken: ['src/http/server.ts', '// as Dravo answers'],
  },
  {
    name: 'time, chance and environment are passed in',
    find: ambientViolations,
    broken: ['src/refresh/policy.ts', 'const now = new Date()'],
  },
  {
    name: 'no module is mocked',
    find: mockViolations,
    broken: ['test/store/posts.test.ts', "vi['mock']('./a.ts')".replace("['mock']", '.mock')],
  },
  {
    name: 'files fit in a reader’s head',
    find: fileLengthViolations,
    broken: ['src/store/posts.ts', 'work()\n'.repeat(301)],
  },
  {
    name: 'functions fit on a screen',
    find: functionLengthViolations,
    broken: ['src/store/posts.ts', `function all() ${long(60)}`],
  },
  {
    name: 'functions take at most four parameters',
    find: parameterViolations,
    broken: ['src/store/posts.ts', 'const add = (a, b, c, d, e) => a'],
  },
  {
    name: 'what is exported is documented',
    find: docCommentViolations,
    broken: ['src/store/posts.ts', 'export interface Post { id: string }'],
  },
]

describe.each(RULES)('$name', ({ find, broken: [path, text] }) => {
  test('in every file', () => {
    expect(SOURCES.flatMap(find)).toEqual([])
  })

  test('and a file that breaks the rule is found', () => {
    expect(find(parseSource(path, text))).toHaveLength(1)
  })
})

test('the bodies of tests are held to less than other functions', () => {
  const body = parseSource('test/a.test.ts', `test('a', () => ${long(34)})`)
  expect(functionLengthViolations(body)).toHaveLength(1)
  const suite = parseSource('test/a.test.ts', `describe('a', () => ${long(80)})`)
  expect(functionLengthViolations(suite)).toEqual([])
})

test('clock calls, chance and the environment are all found', () => {
  const text = 'f(Date.now(), Math.random(), process.env.HOME, new Date(0))'
  expect(ambientViolations(parseSource('src/store/posts.ts', text))).toHaveLength(3)
})

test('a platform is found by any of its names, and a plain letter is not one', () => {
  const text = "const a = { x: 1, y: 'TikTok' }; const linkedinUrl = a.x"
  expect(platformViolations(parseSource('src/store/posts.ts', text))).toHaveLength(2)
})
