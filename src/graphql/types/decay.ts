import {
  DECAY_HOURS,
  type DecayPoint as DecayPointModel,
  decayPoint,
  decayQuestion,
} from '../../domain/decay.ts'
import type { Publication as PublicationModel } from '../../domain/publication.ts'
import { builder, READ } from '../builder.ts'
import type { Context } from '../context.ts'
import { Publication } from './publication.ts'
import { Video } from './video.ts'

const DESCRIPTION =
  'How early its views came: those it had 1, 6, 24 and 72 hours, 7 and 30 days after it was' +
  ' published, by the readings that are stored.'

export const DecayPoint = builder.objectRef<DecayPointModel>('DecayPoint').implement({
  description: 'What of its present views something had at an age.',
  fields: (t) => ({
    hours: t.exposeInt('hours', { description: 'The age: hours after it was published.' }),
    share: t.exposeFloat('share', {
      nullable: true,
      description:
        '`views` as a fraction of the present ones: 0.5 is half of them. More than 1 where the' +
        ' platform has taken views back since. Null where either is unknown, or there are none.',
    }),
    views: t.expose('views', {
      type: 'Count',
      nullable: true,
      description:
        'What the reading tells of views. Null: the age is not reached, there is no reading of' +
        ' the two days up to it (`WEIR_READING_AGE_HOURS_MAX`), or it does not tell of views.',
    }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description:
        'When that was read: the last time up to the age, which may be well before it. Null: not' +
        ' at all.',
    }),
  }),
})

builder.objectField(Publication, 'decay', (t) =>
  t.field({
    authScopes: READ,
    type: [DecayPoint],
    description: `${DESCRIPTION} A point for each age, reached or not.`,
    complexity: { field: DECAY_HOURS.length, multiplier: DECAY_HOURS.length },
    resolve: readDecay,
  }),
)

builder.objectField(Video, 'decay', (t) =>
  t.field({
    authScopes: READ,
    type: [DecayPoint],
    description: `${DESCRIPTION} Those of its publication; a point for each age, reached or not.`,
    complexity: { field: DECAY_HOURS.length, multiplier: DECAY_HOURS.length },
    resolve: ({ publication }, args, context) => readDecay(publication, args, context),
  }),
)

function readDecay(publication: PublicationModel, _args: object, context: Context) {
  const { loaders, limits, time } = context
  const known = { now: time.recently(), ageMaxHours: limits.readingAgeMaxHours }
  return Promise.all(
    DECAY_HOURS.map(async (hours) => {
      const question = decayQuestion(publication, hours, known)
      const reading = question && (await loaders.publicationReading.load(question))
      return decayPoint(hours, reading, publication)
    }),
  )
}
