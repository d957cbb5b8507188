import { hostileBenchmark } from './hostile.ts'
import { insightBenchmark } from './insight.ts'
import { memoryBenchmark } from './memory.ts'
import { refreshBenchmark } from './refresh.ts'
import { writeSection } from './report.ts'
import { serveBenchmark } from './serve.ts'
import { serveProfile } from './serve-profile.ts'

const BENCHMARKS: Record<string, (words: readonly string[]) => Promise<string>> = {
  hostile: hostileBenchmark,
  insight: insightBenchmark,
  memory: memoryBenchmark,
  refresh: refreshBenchmark,
  serve: serveBenchmark,
  'serve-profile': serveProfile,
}

const [name = '', ...words] = process.argv.slice(2)
const benchmark = BENCHMARKS[name]
if (benchmark) {
  const section = await benchmark(words)
  writeSection(name, section)
  console.log(section)
} else {
  console.error(`npm run bench -- <name>, with one of: ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exitCode = 1
}
