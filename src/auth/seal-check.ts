import type { Log } from '../domain/log.ts'
import { type Sealing, type SealingDependencies, sealingOf } from './rotation.ts'

const LOOK_AGAIN_MS = 10_000

/**
 * Looks whether stored tokens open with the keys of this process. The first look that finds some
 * that do not logs how many accounts have them. What it answers is why requests cannot be served, as
 * a sentence: that none opens, which is another gateway's key. A few that do not are no reason, for
 * whoever runs the gateway connects them again through it.
 */
export function createSealCheck(
  deps: SealingDependencies & { log: Log },
): () => Promise<string | null> {
  let seen: { at: number; sealing: Sealing } | null = null
  return async () => {
    const at = deps.now().getTime()
    if (seen === null || (hasNoKey(seen.sealing) && at - seen.at >= LOOK_AGAIN_MS)) {
      const sealing = await sealingOf(deps)
      if (seen === null && sealing.locked > 0) tell(deps.log, sealing)
      seen = { at, sealing }
    }
    return hasNoKey(seen.sealing) ? sentenceOf(seen.sealing) : null
  }
}

function hasNoKey({ accounts, locked }: Sealing): boolean {
  return accounts > 0 && locked === accounts
}

function tell(log: Log, { accounts, locked, missingKeyIds }: Sealing): void {
  const message =
    'Tokens are sealed under a secret key that is not configured: refreshes of their accounts fail.'
  log.error({ accounts, locked, missingKeyIds }, message)
}

function sentenceOf({ accounts, missingKeyIds }: Sealing): string {
  const whose = accounts === 1 ? 'the one account' : `all ${accounts} accounts`
  const keys = missingKeyIds.join(', ')
  return `The tokens of ${whose} are sealed under a secret key that is not configured (${keys}).`
}
