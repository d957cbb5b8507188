import {
  type AudienceChange as AudienceChangeModel,
  audienceChange,
  toAudiencePoint,
} from '../../domain/audience-change.ts'
import { readingAt } from '../../domain/reading.ts'
import { builder, READ } from '../builder.ts'
import { Account } from './account.ts'
import { AudiencePoint } from './history.ts'
import { checkWindow } from './history-arguments.ts'

const UNKNOWN = 'Null where history does not reach: it takes two readings that tell of followers.'

export const AudienceChange = builder.objectRef<AudienceChangeModel>('AudienceChange').implement({
  description: "What became of an account's followers, from one reading to a later one.",
  fields: (t) => ({
    gained: t.expose('gained', {
      type: 'Count',
      nullable: true,
      description: `How many more followers there are; negative: fewer. ${UNKNOWN}`,
    }),
    percent: t.exposeFloat('percent', {
      nullable: true,
      description: '`gained` in percent of the followers before. Null also where there were none.',
    }),
    perDay: t.exposeFloat('perDay', {
      nullable: true,
      description: `\`gained\` per 24 hours of the time between both readings. ${UNKNOWN}`,
    }),
    from: t.expose('from', {
      type: AudiencePoint,
      nullable: true,
      description:
        'The reading at the beginning: the last one up to `from`. Null: there is none of the two' +
        ' days up to then (`WEIR_READING_AGE_HOURS_MAX`).',
    }),
    to: t.expose('to', {
      type: AudiencePoint,
      nullable: true,
      description:
        'The reading at the end: the last one up to `to`, found in the same way. Where it is the' +
        ' one at the beginning, nothing is known of a change.',
    }),
  }),
})

builder.objectField(Account, 'audienceChange', (t) =>
  t.field({
    authScopes: READ,
    type: AudienceChange,
    description: 'How many followers it gained or lost, by the readings that are stored.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'Since when.' }),
      to: t.arg({ type: 'DateTime', description: 'Until when. Left out: until now.' }),
    },
    resolve: async ({ id, platform }, { from, to }, { loaders, limits, time }) => {
      const end = to ?? time.recently()
      checkWindow({ from, to }, end)
      const points = await Promise.all(
        [from, end].map(async (at) => {
          const question = readingAt(id, at, limits.readingAgeMaxHours)
          const reading = await loaders.accountReading.load(question)
          return reading && toAudiencePoint(platform, reading)
        }),
      )
      const [before = null, after = null] = points
      return audienceChange(before, after)
    },
  }),
)
