import { describe, expect, test } from 'vitest'
import { isRetired, metricsOf } from '../../src/domain/catalog/catalog.ts'
import type { MetricDefinition, MetricSubject } from '../../src/domain/metric.ts'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
import { isMetricOf } from '../../src/simulator/catalogue.ts'
import { createWorld, type World } from '../../src/simulator/world.ts'

const NOW = new Date('2026-06-29T09:00:00Z')
const SUBJECTS: readonly MetricSubject[] = ['account', 'post', 'video']

/** Metrics without a value of their own in the world, and why. */
const LEFT_OUT: Partial<Record<Platform, Record<string, string>>> = {
  instagram: { replies: 'Only stories have them, and the brands of the default world tell none.' },
  linkedin: {
    page_statistics_views_all_page_views_unique: 'LinkedIn tells it for single days only.',
  },
}

const world = createWorld({ seed: 1 })

describe.each(PLATFORMS)('%s', (platform) => {
  test.each(SUBJECTS)('the world has a value for every %s metric that is asked for', (subject) => {
    const numbers = numbersOf(world, platform, subject)
    const forgotten = requested(platform, subject).filter(
      ({ name }) => !numbers.has(name) && LEFT_OUT[platform]?.[name] === undefined,
    )
    expect(forgotten.map((metric) => advice(metric))).toEqual([])
  })

  test('what is said to be left out is a metric that is asked for and has no value', () => {
    const without = SUBJECTS.flatMap((subject) => {
      const numbers = numbersOf(world, platform, subject)
      return requested(platform, subject).filter(({ name }) => !numbers.has(name))
    })
    const names = without.map(({ name }) => name)
    expect(names.toSorted()).toEqual(Object.keys(LEFT_OUT[platform] ?? {}).toSorted())
  })
})

/** Metrics that a connector asks for: living ones that some kind of content has. */
function requested(platform: Platform, subject: MetricSubject): MetricDefinition[] {
  const today = NOW.toISOString().slice(0, 10)
  return metricsOf(platform, subject).filter(
    (metric) => !isRetired(metric, today) && metric.contentTypes?.length !== 0,
  )
}

/** The metrics that any account, or any publication that has them, has a value for. */
function numbersOf({ accounts, ...of }: World, platform: Platform, subject: MetricSubject) {
  const own = accounts.filter((account) => account.platform === platform)
  if (subject === 'account') {
    return new Set(own.flatMap((account) => Object.keys(of.accountNumbers(account, NOW))))
  }
  return new Set(
    own
      .flatMap((account) => of.publications(account, NOW))
      .flatMap((publication) => {
        const numbers = of.publicationNumbers(publication, NOW)
        const metrics = metricsOf(platform, subject).filter(({ name }) => name in numbers)
        return metrics.filter((metric) => isMetricOf(metric, publication.contentType))
      })
      .map(({ name }) => name),
  )
}

function advice({ name, platform, subject, contentTypes }: MetricDefinition): string {
  const verb = subject === 'account' ? 'accountNumbers' : 'publicationNumbers'
  const kinds = contentTypes === null ? '' : ` of ${contentTypes.join(' or ')}`
  return (
    `The catalogue asks ${platform} for the ${subject} metric ${name}, and the simulator has no ` +
    `value for it. Return one under ${name} from ${verb} in src/simulator/${platform}/world.ts` +
    `${kinds === '' ? '' : `, for content${kinds}`}; or say above why there is none.`
  )
}
