import {
  type Answer,
  answerOrRefusal,
  htmlAnswer,
  truncated,
  withUnquotedIds,
  withWrongTypes,
} from './answer.ts'
import type { Destination } from './router.ts'
import { type Call, faultTarget, type Simulation } from './simulation.ts'

/** What is done with a connection: answered, kept waiting for ever, or broken. */
export type Outcome =
  | { kind: 'answer'; answer: Answer; afterMs: number; isCutOff: boolean }
  | { kind: 'silence' }
  | { kind: 'reset' }

/** The ids that a call names, in its order. */
export function idsOf(call: Call, destination: Destination): string[] {
  const byRoute = destination.route?.idsOf
  if (byRoute !== undefined) return byRoute(call)
  return call.params['id'] === undefined ? [] : [call.params['id']]
}

/** What becomes of a call: the platform's answer, or what the scripted faults make of it. */
export function outcomeOf(call: Call, destination: Destination, simulation: Simulation): Outcome {
  const { faults } = simulation
  const ids = [...idsOf(call, destination), ...(call.accountId === null ? [] : [call.accountId])]
  const target = faultTarget(call, ids)
  const broken = faults.take(['timeout', 'reset'], target)
  if (broken !== null) return { kind: broken.kind === 'reset' ? 'reset' : 'silence' }
  const late = faults.take(['late'], target)
  const answer =
    scriptedAnswer(call, destination, { simulation, ids }) ??
    distorted(plainAnswer(call, destination, simulation), call, { simulation, ids })
  const isCutOff = faults.take(['cut_off'], target) !== null
  return { kind: 'answer', answer, afterMs: late?.afterMs ?? 0, isCutOff }
}

interface Surroundings {
  simulation: Simulation
  ids: string[]
}

function plainAnswer(call: Call, { mount, route }: Destination, simulation: Simulation): Answer {
  if (route === null) return mount.unknown(call)
  return answerOrRefusal(() => route.handle(call, simulation))
}

function scriptedAnswer(call: Call, { mount }: Destination, { simulation, ids }: Surroundings) {
  const target = faultTarget(call, ids)
  const { faults } = simulation
  if (faults.take(['down'], target) !== null) return htmlAnswer(503, 'Service Unavailable')
  const scripted = faults.take(['answer'], target)
  if (scripted !== null) {
    const headers = scripted.headers ?? { 'content-type': 'application/json; charset=utf-8' }
    return { status: scripted.status, headers, body: scripted.body }
  }
  const refusal = faults.take(
    ['unavailable', 'rate_limited', 'revoked_token', 'expired_token', 'refused'],
    target,
  )
  return refusal === null ? null : mount.refuse(refusal, call, simulation)
}

function distorted(answer: Answer, call: Call, { simulation, ids }: Surroundings): Answer {
  const fault = simulation.faults.take(
    ['truncated', 'html', 'wrong_types', 'unquoted_ids'],
    faultTarget(call, ids),
  )
  switch (fault?.kind) {
    case 'truncated':
      return truncated(answer)
    case 'html':
      return htmlAnswer(answer.status, 'Something went wrong')
    case 'wrong_types':
      return withWrongTypes(answer)
    case 'unquoted_ids':
      return withUnquotedIds(answer)
    default:
      return answer
  }
}
