import { describe, expect, test } from 'vitest'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import { renderMetricReference } from '../../src/domain/catalog/reference.ts'
import type { MetricSubject } from '../../src/domain/metric.ts'
import { PLATFORM_LABELS, PLATFORMS } from '../../src/domain/platform.ts'

const SUBJECTS: MetricSubject[] = ['account', 'post', 'video']
const GROUPS = PLATFORMS.flatMap((platform) => SUBJECTS.map((subject) => ({ platform, subject })))
const TEXT = renderMetricReference()

const sectionOf = (title: string) =>
  TEXT.split(/^(?=#{1,3} )/m).find((part) => part.startsWith(title))

describe.each(GROUPS)('the reference of $platform for a $subject', ({ platform, subject }) => {
  const section = sectionOf(`### ${PLATFORM_LABELS[platform]}: ${subject}\n`) ?? ''

  test('has a heading, a description and the facts of every metric', () => {
    for (const metric of metricsOf(platform, subject)) {
      const start = `#### ${metric.name}\n\n${metric.description}\n\n- unit: ${metric.unit}\n`
      expect(section).toContain(`${start}- ${metric.aggregation}: `)
    }
  })
})

test('the reference names scopes, lags, retirements and kinds of content', () => {
  expect(TEXT).toContain('- scopes: `pages_read_engagement`, `read_insights`')
  expect(TEXT).toContain('- retired on 2024-03-14')
  expect(TEXT).toContain('- lag: P2D')
  expect(TEXT).toContain('- kinds of content: all but story')
  expect(TEXT).toContain('- name at the platform: `firstDegreeSize`')
})

test('the reference tells which native names feed a normalized number', () => {
  const row = TEXT.split('\n').find((line) => line.startsWith('| `shares` |'))
  expect(row).toContain('| `shares` | `share_statistics_share_count` | `share_count` |')
  expect(TEXT).toMatch(/\| `engagement` \| added up \| `total_interactions` \|/)
})

test('the reference is the same every time, and ends with one line break', () => {
  expect(renderMetricReference()).toBe(TEXT)
  expect(TEXT).toMatch(/[^\n]\n$/)
})
