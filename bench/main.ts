import { refreshBenchmark } from './refresh.ts'
import { writeSection } from './report.ts'

const BENCHMARKS: Record<string, () => Promise<string>> = { refresh: refreshBenchmark }

const [name = ''] = process.argv.slice(2)
const benchmark = BENCHMARKS[name]
if (benchmark) {
  const section = await benchmark()
  writeSection(name, section)
  console.log(section)
} else {
  console.error(`npm run bench -- <name>, with one of: ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exitCode = 1
}
