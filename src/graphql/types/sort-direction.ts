import { enumOf } from '../enums.ts'

export const SortDirection = enumOf('SortDirection', 'Which end of an order comes first.', {
  asc: 'Smallest or oldest first.',
  desc: 'Largest or newest first.',
})
