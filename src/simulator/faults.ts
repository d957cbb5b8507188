import { z } from 'zod'
import { PLATFORMS, type Platform } from '../domain/platform.ts'

const faultSchema = z.discriminatedUnion('kind', [
  // The connection.
  z.object({ kind: z.literal('timeout') }),
  z.object({ kind: z.literal('late'), afterMs: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('reset') }),
  // Refusals of a whole call, in the platform's own words.
  z.object({ kind: z.literal('down') }),
  z.object({ kind: z.literal('unavailable'), status: z.number().int().min(500).optional() }),
  z.object({ kind: z.literal('rate_limited'), until: z.coerce.date() }),
  z.object({ kind: z.literal('revoked_token') }),
  z.object({ kind: z.literal('expired_token') }),
  // The reasons are listed where a platform puts them into words: `<platform>/errors.ts`.
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({
    kind: z.literal('answer'),
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string(),
  }),
  // Single items of an answer. `unfinished`: a hole for the moment.
  z.object({ kind: z.literal('gone') }),
  z.object({ kind: z.literal('forbidden') }),
  z.object({ kind: z.literal('unfinished') }),
  // What a call may name, and what it gets back.
  z.object({ kind: z.literal('missing_scope'), scope: z.string() }),
  z.object({ kind: z.literal('retired_metric'), metric: z.string() }),
  z.object({ kind: z.literal('absent_metric'), metric: z.string() }),
  z.object({ kind: z.literal('empty_page') }),
  // The text of a good answer.
  z.object({ kind: z.literal('truncated') }),
  z.object({ kind: z.literal('cut_off') }),
  z.object({ kind: z.literal('html') }),
  z.object({ kind: z.literal('wrong_types') }),
  z.object({ kind: z.literal('unquoted_ids') }),
])

/** What goes wrong. `cut_off` closes the connection in mid-answer, `truncated` ends it early. */
export type Fault = z.infer<typeof faultSchema>

/** The name of a fault. */
export type FaultKind = Fault['kind']

/** When something goes wrong. What is left out matches everything. */
export interface FaultRule {
  platform: Platform
  /** The whole path below the platform's base URL, or a pattern found in it. */
  path?: string | RegExp
  /** An id that the call names, or the platform's id of the account whose token it carries. */
  id?: string
  /** How often; for faults of single items, for how many items. Without it: until removed. */
  times?: number
  fault: Fault
}

/** What faults are matched against. */
export interface FaultTarget {
  platform: Platform
  path: string
  ids: readonly string[]
  now: Date
}

/** The scripted faults. Rules match in the order in which they were added. */
export interface Faults {
  /** Adds a rule; the answer removes it again. */
  add(rule: FaultRule): () => void
  clear(): void
  list(): FaultRule[]
  /** The first fault of these kinds that strikes the target, counted as used; null for none. */
  take<Kind extends FaultKind>(
    kinds: readonly Kind[],
    target: FaultTarget,
  ): Extract<Fault, { kind: Kind }> | null
  /** All faults of a kind that strike the target, each counted as used. */
  takeAll<Kind extends FaultKind>(kind: Kind, target: FaultTarget): Extract<Fault, { kind: Kind }>[]
}

interface LiveRule {
  rule: FaultRule
  left: number
}

/** Faults that can be scripted while the platforms run. */
export function createFaults(): Faults {
  const rules: LiveRule[] = []
  const remove = (live: LiveRule) => {
    const place = rules.indexOf(live)
    if (place >= 0) rules.splice(place, 1)
  }
  const spend = (live: LiveRule) => {
    live.left -= 1
    if (live.left <= 0) remove(live)
    return live.rule.fault
  }
  return {
    add(rule) {
      const live = { rule, left: rule.times ?? Number.POSITIVE_INFINITY }
      rules.push(live)
      return () => remove(live)
    },
    clear: () => void rules.splice(0),
    list: () => rules.map(({ rule }) => rule),
    take(kinds, target) {
      const live = rules.find(({ rule }) => isOneOf(rule.fault, kinds) && strikes(rule, target))
      const fault = live === undefined ? null : spend(live)
      return fault !== null && isOneOf(fault, kinds) ? fault : null
    },
    takeAll(kind, target) {
      return rules
        .filter(({ rule }) => rule.fault.kind === kind && strikes(rule, target))
        .map(spend)
        .filter((fault) => isOneOf(fault, [kind]))
    },
  }
}

/** A rule as another process posts it: `pathPattern` stands for a regular expression. */
export const faultRuleSchema = z
  .object({
    platform: z.enum(PLATFORMS),
    path: z.string().optional(),
    pathPattern: z.string().optional(),
    id: z.string().optional(),
    times: z.number().int().positive().optional(),
    fault: faultSchema,
  })
  .transform(({ pathPattern, ...rule }): FaultRule => {
    return pathPattern === undefined ? rule : { ...rule, path: new RegExp(pathPattern) }
  })

function isOneOf<Kind extends FaultKind>(
  fault: Fault,
  kinds: readonly Kind[],
): fault is Extract<Fault, { kind: Kind }> {
  return (kinds as readonly FaultKind[]).includes(fault.kind)
}

function strikes(rule: FaultRule, target: FaultTarget): boolean {
  const { fault, id, path, platform } = rule
  if (platform !== target.platform) return false
  if (id !== undefined && !target.ids.includes(id)) return false
  if (fault.kind === 'rate_limited' && fault.until.getTime() <= target.now.getTime()) return false
  if (path === undefined) return true
  return typeof path === 'string' ? path === target.path : path.test(target.path)
}
