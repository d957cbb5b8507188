import type { Profiler } from 'node:inspector'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(import.meta.dirname, '..')
const PROBE = 'bench/probe.ts'

/** A function, or a package, and its part of the time in which the processor was busy. */
export interface ProfileLine {
  name: string
  /** From 0 to 1. */
  share: number
}

/** Where a process spent its time, the most first. Time in which it waited is left out. */
export interface CpuProfile {
  /** With what Node did for them. */
  byPackage: ProfileLine[]
  /** Without what they called. */
  byFunction: ProfileLine[]
}

type ProfileNode = Profiler.ProfileNode

/** Sums up what a profiler has recorded. The probe that had it record is left out. */
export function summaryOf(profile: Profiler.Profile): CpuProfile {
  const times = selfTimes(profile)
  const packages = packagesOf(profile.nodes)
  const busy = profile.nodes.filter(
    ({ id, callFrame }) => !isWaiting(callFrame.functionName) && packages.get(id) !== PROBE,
  )
  return {
    byPackage: sharesOf(busy, times, ({ id }) => packages.get(id) ?? ''),
    byFunction: sharesOf(busy, times, functionOf),
  }
}

function isWaiting(functionName: string): boolean {
  return functionName === '(idle)' || functionName === '(root)'
}

// In microseconds, by node.
function selfTimes({ samples = [], timeDeltas = [] }: Profiler.Profile): Map<number, number> {
  const times = new Map<number, number>()
  for (const [index, id] of samples.entries()) {
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0))
  }
  return times
}

function sharesOf(
  nodes: readonly ProfileNode[],
  times: ReadonlyMap<number, number>,
  nameOf: (node: ProfileNode) => string,
): ProfileLine[] {
  const timeOf = (some: readonly ProfileNode[]) =>
    some.reduce((sum, { id }) => sum + (times.get(id) ?? 0), 0)
  const total = timeOf(nodes)
  const lines = [...Map.groupBy(nodes, nameOf)].map(([name, own]) => ({
    ...{ name, share: timeOf(own) / total },
  }))
  return lines.sort((one, other) => other.share - one.share)
}

// By node. What Node itself does belongs to the package that had it done.
function packagesOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const packages = new Map<number, string>()
  const visit = (node: ProfileNode, caller: string) => {
    const own = packageOf(node) ?? caller
    packages.set(node.id, own)
    for (const child of node.children ?? []) {
      const called = byId.get(child)
      if (called) visit(called, own)
    }
  }
  const [root] = nodes
  if (root) visit(root, 'node')
  return packages
}

// Of our own code, the layer; null: of no package.
function packageOf({ callFrame: { url, functionName } }: ProfileNode): string | null {
  if (functionName === '(garbage collector)') return functionName
  if (!url.startsWith('file:')) return null
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  return installed ?? pathOf(url).split('/').slice(0, 2).join('/')
}

function functionOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName || '(anonymous)'
  return url === '' ? name : `${name} ${pathOf(url)}:${lineNumber + 1}`
}

function pathOf(url: string): string {
  if (!url.startsWith('file:')) return url
  return relative(ROOT, fileURLToPath(url)).replace(/^node_modules\//, '')
}
