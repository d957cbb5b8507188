import { nearestName, type UnknownName } from './import-numbers.ts'
import { RECORD_SCHEMAS, type RecordType } from './import-record.ts'
import type { ImportCounts, ImportOutcome } from './import-records.ts'

const TYPES = Object.keys(RECORD_SCHEMAS) as RecordType[]

/** What came of a file's import, for people: a line for each problem, then what was done. */
export function reportOf(
  file: string,
  { counts, problems, unknownNames }: ImportOutcome,
): string[] {
  const wrong = problems.map(({ line, member, problem }) => `${line}: ${member}: ${problem}`)
  const warnings = warningsOf(unknownNames, counts === null ? '' : '; kept')
  const end = counts === null ? refusal(problems.length) : summaryOf(counts)
  return [...[...wrong, ...warnings].map((text) => `${file}:${text}`), end]
}

// A file says the same names over and over, so each is reported where it is first.
function warningsOf(names: readonly UnknownName[], kept: string): string[] {
  const groups = Map.groupBy(names, ({ platform, subject, name }) =>
    JSON.stringify([platform, subject, name]),
  )
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const nearest = nearestName(first)
    const hint = nearest === null ? '' : ` (did you mean ${nearest}?)`
    const more = others.length === 0 ? '' : `; also on ${counted(others.length, 'other line')}`
    return `${first.line}: metrics.${first.name}: not in the catalogue${hint}${kept}${more}`
  })
}

function refusal(problems: number): string {
  return `Nothing was stored: ${counted(problems, 'problem')}.`
}

/** What an import has done, in a line. */
export function summaryOf(counts: ImportCounts): string {
  const { madeVideos } = counts
  const parts = TYPES.map((type) => counted(counts[type].stored, type))
  const made = madeVideos === 0 ? '' : ` Made ${counted(madeVideos, 'video')} for publications.`
  const sum = (kind: 'replaced' | 'skipped') =>
    TYPES.reduce((total, type) => total + counts[type][kind], 0)
  return `Stored ${parts.join(', ')}.${made}${replaced(sum('replaced'))}${skipped(sum('skipped'))}`
}

function replaced(records: number): string {
  if (records === 0) return ''
  return ` Replaced ${counted(records, 'record')} of what was there.`
}

function skipped(records: number): string {
  if (records === 0) return ''
  const [exist, they] = records === 1 ? ['exists', 'it was'] : ['exist', 'they were']
  return ` ${counted(records, 'record')} ${exist} already and stayed as ${they}.`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
