import type { StoryKind } from './account.ts'
import { chanceOf, oneOf } from './random.ts'

/** What a brand tells at one place of its calendar, before a platform gives it a form. */
export interface Story {
  kind: StoryKind
  text: string
  durationSeconds: number
  hasLink: boolean
  areCommentsClosed: boolean
}

const OPENINGS = [
  'First light & a quiet start:',
  'New this week:',
  'You asked, we tried it:',
  'From the workshop:',
  'Behind the scenes:',
  'Small batch, big day:',
  'Three things we learned about',
  'Save this for the weekend:',
] as const

const TOPICS = [
  'the long way round the lake',
  'a kettle that never hurries',
  'the coldest swim of the season',
  'repairing what others throw away',
  'how our oldest customer uses hers',
  'the colour that nearly was not',
  'packing for two days & one night',
  'a route with no cars at all',
  'what the rain does to good leather',
] as const

const CLOSINGS = [
  'Which one would you take?',
  'Tell us in the comments.',
  'More on Friday.',
  'Thank you for 10 years.',
  'No filter, only weather.',
  'Made by four people 🧵',
] as const

const ASIDE =
  'We took notes the whole way: where it rained, where it did not, who forgot the bread, and ' +
  'which of the nine prototypes came home without a scratch. The short version: keep it simple, ' +
  'carry less, stop often, and never trust a forecast older than your breakfast.'

// Calendars have slots before their slot 0, and nobody counts stories below zero.
const NUMBER_OF_SLOT_0 = 1000

/** What a brand counts the story of a slot as. */
export function storyNumber(slot: number): number {
  return NUMBER_OF_SLOT_0 + slot
}

/** The story of a brand at a slot: the same on every platform, and after every restart. */
export function storyOf(seed: number, brand: string, slot: number): Story {
  const chance = (label: string) => chanceOf(seed, brand, slot, label)
  const hasLink = chance('link') < 0.25
  return {
    kind: kindAt(chance('kind')),
    text: textOf(brand, storyNumber(slot), chance, hasLink),
    durationSeconds: 8 + Math.floor(chance('duration') * 1700) / 10,
    hasLink,
    areCommentsClosed: chance('closed') < 0.1,
  }
}

function kindAt(chance: number): StoryKind {
  if (chance < 0.5) return 'video'
  if (chance < 0.72) return 'image'
  if (chance < 0.88) return 'carousel'
  return 'text'
}

function textOf(
  brand: string,
  number: number,
  chance: (label: string) => number,
  hasLink: boolean,
): string {
  const parts = [
    oneOf(OPENINGS, chance('opening')),
    `${oneOf(TOPICS, chance('topic'))}.`,
    ...(chance('aside') < 0.12 ? [ASIDE] : []),
    oneOf(CLOSINGS, chance('closing')),
    ...(hasLink ? [`https://${brand}.example/stories/${number}`] : []),
    `#${brand.replaceAll('-', '')} no. ${number}`,
  ]
  return parts.join(' ')
}
