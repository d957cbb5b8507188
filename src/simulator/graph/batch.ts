import { z } from 'zod'
import type { JsonValue } from '../../domain/json.ts'
import type { Platform } from '../../domain/platform.ts'
import { type Answer, answerOrRefusal, jsonAnswer } from '../answer.ts'
import { jsonOrNull } from '../json-body.ts'
import { createRouter, type Router } from '../router.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { graphError, invalidParameter, unknownPath } from './errors.ts'

const BATCH_MAX = 50

const batchSchema = z.array(
  z.object({ method: z.literal('GET'), relative_url: z.string(), body: z.string().optional() }),
)

/** Reads of one platform, up to 50 of them in one call. Only graph.facebook.com has it. */
export function batchRoute(platform: Platform, reading: readonly Route[]): Route {
  const refuse = (_fault: unknown, call: Call) => unknownPath(call)
  const rest = { variable: null, unknown: unknownPath, refuse }
  const router = createRouter([{ platform, prefix: '', routes: reading, ...rest }])
  return {
    method: 'POST',
    path: '/:version(v\\d+\\.\\d+){/}?',
    idsOf: (call) =>
      operationsOf(call)?.map((one) => one.relative_url.split(/[/?]/)[0] ?? '') ?? [],
    handle: (call, simulation) => batchAnswer(call, simulation, router),
  }
}

function batchAnswer(call: Call, simulation: Simulation, router: Router): Answer {
  const operations = operationsOf(call)
  if (operations === null) throw invalidParameter(call, 'batch parameter must be a JSON array')
  if (operations.length > BATCH_MAX) {
    return graphError(call, {
      code: 1,
      type: 'GraphBatchException',
      message: `Too many requests in batch message. Maximum batch size is ${BATCH_MAX}`,
    })
  }
  const form = new URLSearchParams(call.body)
  const withHeaders = form.get('include_headers') !== 'false'
  const answers = operations.map(({ relative_url }): JsonValue => {
    const inner = innerCall(call, relative_url, form.get('access_token'))
    const unfinished = faultTarget(call, [inner.path.split('/')[2] ?? ''])
    if (simulation.faults.take(['unfinished'], unfinished) !== null) return null
    const { body, headers, status } = innerAnswer(inner, simulation, router)
    const list = Object.entries(headers).map(([name, value]) => ({ name, value }))
    return { code: status, ...(withHeaders ? { headers: list } : {}), body }
  })
  return jsonAnswer(200, answers)
}

function operationsOf({ body }: Call) {
  const batch = new URLSearchParams(body).get('batch')
  return batch === null ? null : (batchSchema.safeParse(jsonOrNull(batch)).data ?? null)
}

function innerCall(call: Call, relativeUrl: string, token: string | null): Call {
  const version = call.path.split('/')[1] ?? ''
  const bare = relativeUrl.replace(/^\//, '')
  const path = /^v\d+\.\d+\//.test(bare) ? `/${bare}` : `/${version}/${bare}`
  const url = new URL(path, 'http://inner.example')
  if (token !== null && !url.searchParams.has('access_token')) {
    url.searchParams.set('access_token', token)
  }
  return {
    ...call,
    method: 'GET',
    path: url.pathname,
    query: url.searchParams,
    rawQuery: url.search.slice(1),
    body: '',
  }
}

function innerAnswer(call: Call, simulation: Simulation, router: Router): Answer {
  const destination = router('GET', call.path)
  if (!destination?.route) return unknownPath(call)
  const { params, route } = destination
  return answerOrRefusal(() => route.handle({ ...call, params }, simulation))
}
