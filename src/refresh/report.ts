import type { Failure } from '../domain/connector.ts'
import { NO_OBSERVERS } from '../domain/observers.ts'
import type { Platform } from '../domain/platform.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { RefreshDependencies } from './dependencies.ts'
import type { Findings } from './findings.ts'

/** What is told of a refresh beside what its row says. */
export interface ReportedRun {
  /** Null: the account is gone. */
  platform: Platform | null
  /** Everything that a platform failed at. */
  failures: readonly Failure[]
}

/**
 * Tells whoever runs the gateway how a refresh has ended: one line, which is a warning when nothing
 * could be read, or when the platform blames this application.
 */
export function reportEnd(
  { log, observers = NO_OBSERVERS }: Pick<RefreshDependencies, 'log' | 'observers'>,
  refresh: Refresh,
  { platform, failures }: ReportedRun,
): void {
  const { workspaceId, id: refreshId, accountId, startedAt, finishedAt, status } = refresh
  const { updated, failed, upstreamCalls, errorMessage } = refresh
  const durationMs = startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null
  observers.telemetry.refreshEnded({
    ...{ platform, durationMs, origin: refresh.origin },
    outcome: status === 'succeeded' || status === 'partial' ? status : 'failed',
    waitedMs: startedAt ? Math.max(0, startedAt.getTime() - refresh.requestedAt.getTime()) : null,
  })
  const isWarning = status === 'failed' || failures.some(({ kind }) => kind === 'misconfigured')
  log[isWarning ? 'warn' : 'info'](
    {
      ...{ workspaceId, refreshId, accountId, platform, status },
      ...{ updated, failed, upstreamCalls, durationMs, errorMessage },
    },
    'refresh ended',
  )
}

/** Every failure among what a refresh found. */
export function failuresIn({ account, listing, publications }: Findings): Failure[] {
  const outcomes = [account, ...[...publications.values()].map(({ outcome }) => outcome)]
  const failures = outcomes.map((outcome) => outcome && 'failure' in outcome && outcome.failure)
  return [listing?.failure, ...failures].filter((failure) => !!failure)
}
