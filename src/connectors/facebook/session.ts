import type { GraphCaller } from '../graph/errors.ts'
import type { Graph } from '../graph/graph.ts'
import type { Memory } from '../memory.ts'

/** What every part of a reading is asked with. */
export interface Session extends GraphCaller {
  /** A call for every read. */
  graph: Graph
  /** One call for the reads of a moment. */
  batch: Graph
  memory: Memory
  /** Which metrics are refused, while it is being found out. */
  lessons: Map<string, Promise<void>>
}
