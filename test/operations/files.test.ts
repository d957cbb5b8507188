import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseYaml } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { VARIABLES } from '../../src/config.ts'
import { createMetrics } from '../../src/http/metrics.ts'

const ROOT = new URL('../..', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const yaml = (path: string) => parseYaml(read(path)) as Record<string, unknown>

const METRICS = await createMetrics({
  withProcess: true,
  database: async () => ({ queues: [], budgets: [] }),
}).describe()

/** Every name that a query may have: a histogram has three. `up` is Prometheus' own. */
const NAMES = new Set([
  'up',
  ...METRICS.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
])

/** What a PromQL query reads: the words that are neither functions, keywords nor labels. */
function metricsIn(query: string): string[] {
  const bare = query
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring) *\([^)]*\)/g, '')
  return [...bare.matchAll(/\b[a-z_:][\w:]*\b(?! *\()/gi)].map(([word]) => word)
}

test('the words of a query that name metrics are found', () => {
  const query = 'histogram_quantile(0.9, sum by (le, a) (rate(m_bucket{a!~"b|c"}[5m]))) / n > 2'
  expect(metricsIn(query)).toEqual(['m_bucket', 'n'])
})

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string }
}

test('alerts ask for metrics that there are, and every one says what is wrong', () => {
  const { groups } = yaml('ops/alerts.yaml') as { groups: { rules: Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  expect(rules.length).toBeGreaterThan(5)
  for (const { alert, expr, labels, annotations } of rules) {
    const unknown = metricsIn(expr).filter((name) => !NAMES.has(name))
    expect([alert, unknown, metricsIn(expr).length > 0]).toEqual([alert, [], true])
    expect([labels.severity, annotations.summary]).toEqual([
      expect.stringMatching(/^(page|warn)$/),
      expect.stringMatching(/\.$/),
    ])
    expect(read('docs/operations.md')).toContain(`\`${alert}\``)
  }
})

interface Panel {
  id: number
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string }[]
}

test('every query of the dashboard asks for metrics that there are, and no panel hides another', () => {
  const { panels } = JSON.parse(read('ops/grafana-dashboard.json')) as { panels: Panel[] }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  const cells = new Set<string>()
  for (const { title, gridPos, targets = [] } of panels) {
    for (const { expr } of targets) {
      const unknown = metricsIn(expr).filter((name) => !NAMES.has(name))
      expect([title, unknown, metricsIn(expr).length > 0]).toEqual([title, [], true])
    }
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      const cell = `${x},${gridPos.y}`
      expect([title, x < 24, cells.has(cell)]).toEqual([title, true, false])
      cells.add(cell)
    }
  }
})

test('every metric of Weir’s is on the dashboard, and has its line in the reference as it is', () => {
  const dashboard = read('ops/grafana-dashboard.json')
  const own = METRICS.filter(({ name }) => name.startsWith('weir_'))
  const lines = own.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`)
  const documented = read('docs/operations.md').match(/^\| `weir_.*$/gm)
  expect(documented).toEqual(lines)
  const left = own.filter(({ name }) => !dashboard.includes(name)).map(({ name }) => name)
  expect(left).toEqual(['weir_scrape_failures_total'])
})

interface Service {
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
}

test('every service of compose.yaml runs a command that there is, with variables that there are', () => {
  const compose = yaml('compose.yaml') as { services: Record<string, Service> }
  const { postgres, ...own } = compose.services
  expect(postgres).toBeDefined()
  const known = VARIABLES.map(({ name }) => name)
  for (const { command = [], environment = {} } of Object.values(own)) {
    expect(read('src/cli/program.ts')).toContain(`.command('${command[0]}')`)
    for (const option of command.slice(1)) expect(read('src/cli/program.ts')).toContain(option)
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([])
  }
  // No secret is written down.
  const values = Object.values(own).flatMap(({ environment = {} }) => Object.values(environment))
  expect(values.filter((value) => /\$\{\w+:\?/.test(value))).toHaveLength(6)
  expect(own['server']?.depends_on).toEqual({
    migrate: { condition: 'service_completed_successfully' },
  })
})

test('what the image copies is there, is let in, and nothing else is', () => {
  const docker = read('Dockerfile')
  const copied = [...docker.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) =>
    list.split(' '),
  )
  const letIn =
    read('.dockerignore')
      .match(/^!.*$/gm)
      ?.map((line) => line.slice(1)) ?? []
  expect([...new Set(copied)].sort()).toEqual(letIn.sort())
  for (const path of copied) expect([path, existsSync(new URL(path, ROOT))]).toEqual([path, true])
  expect(read('.dockerignore')).toMatch(/^\*$/m)
  const entry = /^ENTRYPOINT (.*)$/m.exec(docker)?.[1] ?? '[]'
  const { scripts } = JSON.parse(read('package.json'))
  expect(JSON.parse(entry).join(' ')).toBe(scripts.weir)
  expect(existsSync(new URL(JSON.parse(entry).at(-1), ROOT))).toBe(true)
  expect(docker).toMatch(/^USER (?!root)\w+$/m)
  expect(docker).not.toMatch(/^(ARG|ENV).*(SECRET|TOKEN|PASSWORD|DATABASE_URL)/m)
  const base = [...docker.matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => Number(major))
  expect(base).toEqual([24, 24])
})

/** What the check exits with when the gateway answers its probe like this. */
async function healthCode(words: string[], status: number): Promise<number | null> {
  const server = createServer((_request, response) => response.writeHead(status).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const env = { WEIR_METRICS_PORT: String(port) }
  const child = spawn(process.execPath, words, { env, stdio: 'inherit' })
  const [code] = await once(child, 'close')
  await new Promise((resolve) => server.close(resolve))
  return code
}

test('the image’s health check is right about a gateway that is ready, and one that is not', async () => {
  const check = /HEALTHCHECK .* CMD (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '[]'
  const [, ...words] = JSON.parse(check) as string[]
  expect(await healthCode(words, 200)).toBe(0)
  expect(await healthCode(words, 503)).toBe(1)
})
