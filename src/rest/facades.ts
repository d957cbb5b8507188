import { DRAVO } from './dravo/vendor.ts'
import { EXPORT } from './export/api.ts'
import type { Vendor } from './facade.ts'
import { MOSAIC } from './mosaic/vendor.ts'
import { TOKPORTAL } from './tokportal/vendor.ts'
import { UNIPOST } from './unipost/vendor.ts'

/** Every vendor whose API is served: the one place that names them beside their own folders. */
export const VENDORS: readonly Vendor[] = [DRAVO, UNIPOST, MOSAIC, TOKPORTAL]

/** Every REST API: those of vendors, and the gateway's own. */
export const REST_APIS: readonly Vendor[] = [...VENDORS, EXPORT]
