/** The six networks, in the order in which lists name them. */
export const PLATFORMS = ['facebook', 'instagram', 'linkedin', 'tiktok', 'x', 'youtube'] as const

/** One of the six networks, as it is stored and imported: lower case. */
export type Platform = (typeof PLATFORMS)[number]

/** How each network spells its own name: the prefix of its GraphQL types, and what people read. */
export const PLATFORM_LABELS = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  tiktok: 'TikTok',
  x: 'X',
  youtube: 'YouTube',
} as const satisfies Record<Platform, string>

/** The clock by whose midnight each network's quotas of a day begin anew: UTC where none is named. */
export const PLATFORM_CLOCKS = {
  facebook: 'utc',
  instagram: 'utc',
  linkedin: 'utc',
  tiktok: 'utc',
  x: 'utc',
  youtube: 'pacific',
} as const satisfies Record<Platform, 'utc' | 'pacific'>

/** Whether a word from outside (an import file, a query) names one of the six networks. */
export function isPlatform(word: string): word is Platform {
  return (PLATFORMS as readonly string[]).includes(word)
}
