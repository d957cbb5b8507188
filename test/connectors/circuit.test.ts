import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Circuits, createCircuits, type Passage } from '../../src/connectors/circuit.ts'

const LIMITS = {
  ...{ circuitFailures: 3, circuitSpanMs: 1000 },
  ...{ circuitPauseMs: 100, circuitPauseMaxMs: 350 },
}

/** What a circuit is told, at which millisecond, and whether it lets the next call through then. */
type Step = [at: number, ended: 'answered' | 'failed' | 'abandoned', isOpen: boolean]

function at(ms: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + ms)
}

function passageAt(circuits: Circuits, ms: number, host = 'host'): Passage | null {
  const entry = circuits.enter(host, at(ms))
  return 'passage' in entry ? entry.passage : null
}

function refusedUntil(circuits: Circuits, ms: number): Date | null {
  const entry = circuits.enter('host', at(ms))
  return 'refusedUntil' in entry ? entry.refusedUntil : null
}

function end(passage: Passage | null, how: Step[1], ms: number): void {
  if (how === 'failed') passage?.failed(at(ms))
  else passage?.[how]()
}

/** Circuits that found the host down at 0 ms, and leave it alone until 100 ms. */
function opened(): Circuits {
  const circuits = createCircuits(LIMITS)
  for (let call = 0; call < 3; call += 1) passageAt(circuits, 0)?.failed(at(0))
  return circuits
}

test.each<[string, Step[]]>([
  [
    'fewer failures than the limit',
    [
      [0, 'failed', true],
      [1, 'failed', true],
    ],
  ],
  [
    'failures in a row',
    [
      [0, 'failed', true],
      [1, 'failed', true],
      [2, 'failed', false],
    ],
  ],
  [
    'failures with an answer between',
    [
      [0, 'failed', true],
      [1, 'failed', true],
      [2, 'answered', true],
      [3, 'failed', true],
    ],
  ],
  [
    'failures too far apart',
    [
      [0, 'failed', true],
      [600, 'failed', true],
      [1001, 'failed', true],
    ],
  ],
  [
    'failures with a cancelled call between',
    [
      [0, 'failed', true],
      [1, 'failed', true],
      [2, 'abandoned', true],
      [3, 'failed', false],
    ],
  ],
])('%s: calls go through as they should', (_name, steps) => {
  const circuits = createCircuits(LIMITS)
  for (const [ms, how, isOpen] of steps) {
    end(passageAt(circuits, ms), how, ms)
    expect(refusedUntil(circuits, ms) === null).toBe(isOpen)
  }
})

test('a host that is down is left alone for the pause, and other hosts are not', () => {
  const circuits = opened()
  expect(refusedUntil(circuits, 99)).toEqual(at(100))
  expect(passageAt(circuits, 99, 'another')?.isTrial).toBe(false)
  expect(passageAt(circuits, 100)?.isTrial).toBe(true)
})

test('one trial at a time goes through after the pause, and closes the circuit when it is answered', () => {
  const circuits = opened()
  const trial = passageAt(circuits, 100)
  expect(refusedUntil(circuits, 101)).toEqual(at(201))
  trial?.answered()
  expect(passageAt(circuits, 102)?.isTrial).toBe(false)
})

test('every trial that fails doubles the pause, up to the longest, and an answer ends that', () => {
  const circuits = opened()
  const untils = [100, 300, 650].map((ms) => passageAt(circuits, ms)?.failed(at(ms)))
  expect(untils).toEqual([at(300), at(650), at(1000)])
  passageAt(circuits, 1000)?.answered()
  for (let call = 0; call < 3; call += 1) passageAt(circuits, 1000)?.failed(at(1000))
  expect(refusedUntil(circuits, 1000)).toEqual(at(1100))
})

test('a trial that nobody waited for leaves its place to another one', () => {
  const circuits = opened()
  passageAt(circuits, 100)?.abandoned()
  expect(passageAt(circuits, 101)?.isTrial).toBe(true)
})

test('calls from before the pause have no say in it', () => {
  const circuits = createCircuits(LIMITS)
  const early = [0, 1].map((ms) => passageAt(circuits, ms))
  for (let call = 0; call < 3; call += 1) passageAt(circuits, 1)?.failed(at(1))
  early[0]?.answered()
  expect(early[0]?.isOpen()).toBe(false)
  expect(early[1]?.failed(at(50))).toEqual(at(101))
  expect(refusedUntil(circuits, 50)).toEqual(at(101))
})

const ACTION = fc.record({
  waitMs: fc.nat({ max: 120 }),
  what: fc.constantFrom('enter', 'answered', 'failed', 'abandoned'),
  which: fc.nat(),
})

test('whatever happens, there is never more than one trial, and no host is left alone for ever', () => {
  fc.assert(
    fc.property(fc.array(ACTION, { maxLength: 200 }), (actions) => {
      const circuits = createCircuits(LIMITS)
      const running: Passage[] = []
      let ms = 0
      for (const { waitMs, what, which } of actions) {
        ms += waitMs
        const passage = what === 'enter' ? passageAt(circuits, ms) : null
        if (passage) running.push(passage)
        expect(running.filter(({ isTrial }) => isTrial).length).toBeLessThanOrEqual(1)
        const [ended] = running.splice(
          which % Math.max(1, running.length),
          what === 'enter' ? 0 : 1,
        )
        if (what !== 'enter') end(ended ?? null, what, ms)
      }
      for (const passage of running) passage.abandoned()
      expect(passageAt(circuits, ms + LIMITS.circuitPauseMaxMs)).not.toBeNull()
    }),
  )
})

const told = (circuits: Circuits, ms: number, account: string) => {
  const entry = circuits.enter('host', at(ms), account)
  return 'passage' in entry ? entry.passage.troubled(at(ms)) : entry.refusedUntil
}

test('an account that is told of trouble again and again is one voice about its host', () => {
  const circuits = createCircuits(LIMITS)
  expect([0, 1, 2, 3].map((ms) => told(circuits, ms, 'a'))).toEqual([null, null, at(102), at(102)])
  expect(refusedUntil(circuits, 3)).toBeNull()
  expect([told(circuits, 4, 'b'), told(circuits, 5, 'c')]).toEqual([null, at(105)])
  expect(refusedUntil(circuits, 6)).toEqual(at(105))
})

test('a trial that tells of an account’s trouble alone leaves its place to another one', () => {
  const circuits = opened()
  expect(told(circuits, 100, 'a')).toBeNull()
  expect(passageAt(circuits, 101)?.isTrial).toBe(true)
})

test('trials of several accounts that are told of trouble are as good as one that is not answered', () => {
  const circuits = opened()
  expect(['a', 'b', 'c'].map((account) => told(circuits, 100, account))).toEqual([
    ...[null, null, at(300)],
  ])
})

test('a call that the host refuses takes no trial away from its account', () => {
  const circuits = createCircuits(LIMITS)
  for (const ms of [0, 1, 2]) told(circuits, ms, 'a')
  for (let call = 0; call < 3; call += 1) passageAt(circuits, 50)?.failed(at(50))
  expect(told(circuits, 102, 'a')).toEqual(at(150))
  passageAt(circuits, 150)?.answered()
  const entry = circuits.enter('host', at(151), 'a')
  expect('passage' in entry && entry.passage.isTrial).toBe(true)
})

test('calls of an account that were on their way when another was answered are still heard', () => {
  const circuits = createCircuits(LIMITS)
  const entries = [1, 2, 3, 4].map(() => circuits.enter('host', at(0), 'a'))
  const [first, ...others] = entries.flatMap((entry) => ('passage' in entry ? entry.passage : []))
  first?.answered()
  expect(others.map((passage) => passage.troubled(at(1)))).toEqual([null, null, at(101)])
  expect(circuits.enter('host', at(2), 'a')).toEqual({ refusedUntil: at(101) })
})

test('an account in trouble is left alone however many others come and go', () => {
  const circuits = createCircuits(LIMITS)
  for (const ms of [0, 1, 2]) told(circuits, ms, 'a')
  for (let other = 0; other < 5000; other += 1) {
    const entry = circuits.enter('host', at(3), `other ${other}`)
    if ('passage' in entry) entry.passage.abandoned()
  }
  expect(circuits.enter('host', at(4), 'a')).toEqual({ refusedUntil: at(102) })
})

test('an answer ends the trouble of its account', () => {
  const circuits = createCircuits(LIMITS)
  const answered = (ms: number) => {
    const entry = circuits.enter('host', at(ms), 'a')
    if ('passage' in entry) entry.passage.answered()
  }
  told(circuits, 0, 'a')
  told(circuits, 1, 'a')
  answered(2)
  expect([3, 4].map((ms) => told(circuits, ms, 'a'))).toEqual([null, null])
})

test('whatever accounts are told, one account’s trouble alone never stops another’s calls', () => {
  const account = fc.constantFrom('a', 'b')
  const step = fc.record({ waitMs: fc.nat({ max: 120 }), account, isTroubled: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const circuits = createCircuits(LIMITS)
      let ms = 0
      for (const { waitMs, account, isTroubled } of steps) {
        ms += waitMs
        const entry = circuits.enter('host', at(ms), account)
        // Two accounts are fewer than it takes to count as everybody.
        if ('refusedUntil' in entry) expect(account).toBe('a')
        else if (account === 'a' && isTroubled) entry.passage.troubled(at(ms))
        else entry.passage.answered()
      }
      const last = at(ms + LIMITS.circuitPauseMaxMs)
      for (const each of ['a', 'b', null]) {
        expect('passage' in circuits.enter('host', last, each)).toBe(true)
      }
    }),
  )
})
