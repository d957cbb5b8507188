import { PLATFORM_LABELS, type Platform } from '../domain/platform.ts'
import { facebookWorld } from './facebook/world.ts'
import { instagramWorld } from './instagram/world.ts'
import { linkedinWorld } from './linkedin/world.ts'
import type { PlatformWorld } from './platform-world.ts'
import { tiktokWorld } from './tiktok/world.ts'
import { xWorld } from './x/world.ts'
import { youtubeWorld } from './youtube/world.ts'

const PLATFORM_WORLDS: Partial<Record<Platform, PlatformWorld>> = {
  facebook: facebookWorld,
  instagram: instagramWorld,
  linkedin: linkedinWorld,
  tiktok: tiktokWorld,
  x: xWorld,
  youtube: youtubeWorld,
}

/** How a platform shapes the world. Throws for a platform that is not simulated. */
export function platformWorld(platform: Platform): PlatformWorld {
  const world = PLATFORM_WORLDS[platform]
  if (world === undefined) throw new Error(`${PLATFORM_LABELS[platform]} is not simulated.`)
  return world
}
