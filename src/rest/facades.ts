import { DRAVO } from './dravo/vendor.ts'
import type { Vendor } from './facade.ts'

/** Every vendor whose API is served: the one place that names them beside their own folders. */
export const VENDORS: readonly Vendor[] = [DRAVO]
