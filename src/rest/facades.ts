import { DRAVO } from './dravo/vendor.ts'
import type { Vendor } from './facade.ts'
import { MOSAIC } from './mosaic/vendor.ts'
import { TOKPORTAL } from './tokportal/vendor.ts'
import { UNIPOST } from './unipost/vendor.ts'

/** Every vendor whose API is served: the one place that names them beside their own folders. */
export const VENDORS: readonly Vendor[] = [DRAVO, UNIPOST, MOSAIC, TOKPORTAL]
