import { z } from 'zod'
import { isPlatform } from '../domain/platform.ts'
import { type Answer, jsonAnswer } from './answer.ts'
import type { CallFilter, CallLog } from './calls.ts'
import { type FaultRule, faultRuleSchema } from './faults.ts'
import { type Simulation, switchesSchema } from './simulation.ts'

/** A request to the simulator itself rather than to a platform. */
export interface ControlRequest {
  method: string
  path: string
  query: URLSearchParams
  body: string
  now: Date
}

/**
 * Scripts the platforms from another process: `/_faults` (GET, POST a rule, DELETE), `/_calls`
 * (GET with `platform` and `path`, DELETE), `/_switches` (GET, PATCH) and `/_accounts` (GET, with
 * tokens). Null for another path; 400 with the reason for a body that fits nothing.
 */
export function answerControl(
  request: ControlRequest,
  simulation: Simulation,
  calls: CallLog,
): Answer | null {
  try {
    switch (request.path) {
      case '/_faults':
        return answerFaults(request, simulation)
      case '/_calls':
        return answerCalls(request, calls)
      case '/_switches':
        return answerSwitches(request, simulation)
      case '/_accounts':
        return answerAccounts(request, simulation)
      default:
        return null
    }
  } catch (error) {
    if (error instanceof z.ZodError) return jsonAnswer(400, { error: z.prettifyError(error) })
    if (error instanceof SyntaxError) return jsonAnswer(400, { error: error.message })
    throw error
  }
}

function answerFaults({ method, body }: ControlRequest, { faults }: Simulation): Answer {
  if (method === 'POST') faults.add(faultRuleSchema.parse(JSON.parse(body)))
  if (method === 'DELETE') faults.clear()
  const rules = faults.list().map(toJson)
  return jsonAnswer(method === 'POST' ? 201 : 200, { faults: rules })
}

function toJson({ path, fault, ...rule }: FaultRule) {
  const where = path instanceof RegExp ? { pathPattern: path.source } : { path }
  const what = fault.kind === 'rate_limited' ? { ...fault, until: fault.until.toJSON() } : fault
  return { ...rule, ...where, fault: what }
}

function answerCalls({ method, query }: ControlRequest, calls: CallLog): Answer {
  if (method === 'DELETE') calls.clear()
  const filter: CallFilter = {}
  const platform = query.get('platform')
  if (platform !== null && isPlatform(platform)) filter.platform = platform
  const path = query.get('path')
  if (path !== null) filter.path = path
  const list = calls.list(filter).map((call) => ({ ...call, at: call.at.toJSON() }))
  return jsonAnswer(200, { count: list.length, calls: list })
}

function answerSwitches({ method, body }: ControlRequest, { switches }: Simulation): Answer {
  if (method === 'PATCH') {
    Object.assign(switches, switchesSchema.partial().strict().parse(JSON.parse(body)))
  }
  return jsonAnswer(200, switches)
}

function answerAccounts({ now }: ControlRequest, { tokens, world }: Simulation): Answer {
  const accounts = world.accounts.map((account) => {
    const grant = tokens.grant(account, { issuedAt: now })
    return {
      platform: account.platform,
      platform_account_id: account.platformAccountId,
      handle: account.handle,
      display_name: account.displayName,
      access_token: grant.accessToken,
      refresh_token: grant.refreshToken,
      token_expires_at: grant.expiresAt.toJSON(),
      scopes: grant.scopes,
    }
  })
  return jsonAnswer(200, { accounts })
}
