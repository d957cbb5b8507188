import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import type { NativeNumbers } from '../../domain/metric.ts'
import type { Platform } from '../../domain/platform.ts'

/** How the vendor shows an account of one platform. */
export interface Shown {
  /** The platform as the vendor spells it. */
  name: 'twitter' | 'tiktok'
  /** The scope without which the vendor has no numbers; null: it shows whatever there is. */
  scope: string | null
  /** The native numbers that stand in `platform_specific`, in the document's order. */
  specific: readonly ('tweet_count' | 'listed_count' | 'likes_count')[]
}

/** The platforms whose accounts have metrics. */
export const SHOWN: Partial<Record<Platform, Shown>> = {
  x: { name: 'twitter', scope: null, specific: ['tweet_count', 'listed_count'] },
  tiktok: { name: 'tiktok', scope: 'user.info.stats', specific: ['likes_count'] },
}

/** Whether an account has metrics, as far as its grant tells; null: nobody knows its scopes. */
export function isShown(platform: Platform, scopes: readonly string[] | null): boolean {
  const shown = SHOWN[platform]
  if (shown === undefined) return false
  return shown.scope === null || isScopeGranted(platform, shown.scope, scopes)
}

/** The numbers of `platform_specific`; one that nobody reported is 0, as the vendor has it. */
export function specificOf({ specific }: Shown, native: NativeNumbers) {
  return Object.fromEntries(specific.map((name) => [name, native[name] ?? 0]))
}
