import { PLATFORM_LABELS } from '../../domain/platform.ts'
import { enumOf } from '../enums.ts'

export const Platform = enumOf('Platform', 'One of the six networks.', PLATFORM_LABELS)
