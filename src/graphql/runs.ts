import type { ExecutionResult } from 'graphql'
import { getOperationAST } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { Principal } from '../auth/principal.ts'
import type { AnswerTime } from './answer-time.ts'

/** An operation that a listener runs, and what becomes known of it meanwhile. */
export interface Run {
  principal: Principal
  time: AnswerTime
  /** What is asked for, when somebody has read that already. */
  parameters?: GraphQLParams
  /** What it led to, when only the answer is left to be written. */
  result?: ExecutionResult
  /** Whether it changes nothing; left out until it is known. */
  isRead?: boolean
  /** Whether it is, or may be, a subscription that is run where its events can be sent. */
  isFollowing?: boolean
  /** Told of once it has changed something, before that is answered. */
  onWritten?(): Promise<void>
}

/** What the endpoint is handed beside a request. */
export interface ServerContext {
  run?: Run
}

/** Keeps a run up to date, and answers with the result that it has. */
export function useRuns(): Plugin<ServerContext> {
  return {
    onParams({ context, setResult }) {
      const { run } = context as ServerContext
      if (run?.result) setResult(run.result)
    },
    onExecute({ args }) {
      const { run } = args.contextValue as ServerContext
      const operation = getOperationAST(args.document, args.operationName)
      if (run) run.isRead = operation?.operation === 'query'
    },
    async onResultProcess({ serverContext }) {
      const { run } = serverContext as ServerContext
      if (run?.isRead === false) await run.onWritten?.()
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { run } = args.contextValue as ServerContext
      if (run === undefined || run.isFollowing) return
      run.isFollowing = true
      setResultAndStopExecution({})
    },
  }
}
