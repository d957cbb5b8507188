import type { Platform } from '../domain/platform.ts'

/** What a platform lets our application use up in a day, and the variable that says so. */
export interface Quota {
  /** The environment variable that holds the size of the quota; its unit is in its name. */
  readonly variable: string
  readonly platform: Platform
  /** What an application has that was granted nothing more. */
  readonly usual: number
}

/** Every quota whose rest a platform does not tell, so that it has to be counted. */
export const QUOTAS = [
  { variable: 'WEIR_YOUTUBE_UNITS_PER_DAY', platform: 'youtube', usual: 10_000 },
] as const satisfies readonly Quota[]

/** The variable of one quota. */
export type QuotaVariable = (typeof QUOTAS)[number]['variable']

/** Sizes of quotas by variable; those that are left out are the usual ones. */
export type QuotaSizes = Readonly<Partial<Record<QuotaVariable, number>>>

/** The size of a quota. */
export function quotaOf(sizes: QuotaSizes, variable: QuotaVariable): number {
  const given = sizes[variable]
  if (given !== undefined) return given
  return QUOTAS.find((quota) => quota.variable === variable)?.usual ?? 0
}
