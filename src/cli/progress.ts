import type { Terminal } from './terminal.ts'

const BAR_WIDTH = 30
const REDRAW_MS = 100

/** How far a long piece of work is, for people who wait for it. */
export interface Progress {
  /** So much more is done. */
  advance(count: number): void
  /** Leaves nothing behind where it was drawn. */
  end(): void
}

/** What the work is, and how much of it there is. */
export interface Work {
  label: string
  total: number
}

/** A bar where there is a terminal, and else a line at every tenth of the work. */
export function startProgress(
  terminal: Pick<Terminal, 'report' | 'redraw' | 'now'>,
  work: Work,
): Progress {
  const { redraw } = terminal
  return redraw ? drawnBar(redraw, terminal, work) : reportedLines(terminal, work)
}

function drawnBar(
  redraw: (line: string) => void,
  { now }: Pick<Terminal, 'now'>,
  { label, total }: Work,
): Progress {
  let done = 0
  let drawnAt = 0
  return {
    advance(count) {
      done += count
      if (now().getTime() - drawnAt < REDRAW_MS) return
      drawnAt = now().getTime()
      const filled = Math.round(shareOf(done, total) * BAR_WIDTH)
      const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░')
      redraw(`${label} ${bar} ${percent(done, total)}  ${done} of ${total}`)
    },
    end: () => redraw(''),
  }
}

function reportedLines({ report }: Pick<Terminal, 'report'>, { label, total }: Work): Progress {
  let done = 0
  let tenths = 0
  return {
    advance(count) {
      done += count
      const reached = Math.floor(shareOf(done, total) * 10)
      if (reached === tenths) return
      tenths = reached
      report(`${label}: ${done} of ${total} (${percent(done, total)})`)
    },
    end() {},
  }
}

function percent(done: number, total: number): string {
  return `${Math.floor(shareOf(done, total) * 100)} %`
}

// Others may add to the work while it is done.
function shareOf(done: number, total: number): number {
  return total === 0 ? 1 : Math.min(1, done / total)
}
