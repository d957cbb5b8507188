import { facebookMounts } from './facebook/mounts.ts'
import { instagramMounts } from './instagram/mounts.ts'
import { linkedinMounts } from './linkedin/mounts.ts'
import type { Mount } from './simulation.ts'
import { tiktokMounts } from './tiktok/mounts.ts'
import { xMounts } from './x/mounts.ts'
import { youtubeMounts } from './youtube/mounts.ts'

/** The base URLs of every simulated platform. */
export const MOUNTS: readonly Mount[] = [
  ...xMounts,
  ...tiktokMounts,
  ...facebookMounts,
  ...instagramMounts,
  ...linkedinMounts,
  ...youtubeMounts,
]
