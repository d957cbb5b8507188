import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
const KIB = 1024

/** What a process has used of its machine. */
export interface ProcessUsage {
  /** Since it was started. */
  cpuSeconds: number
  /** Of memory, now. */
  residentBytes: number
}

/** The usage of a process. Throws where processes cannot be looked into, as outside Linux. */
export function usageOf(pid: number): ProcessUsage {
  return { cpuSeconds: cpuSecondsOf(pid), residentBytes: residentBytesOf(pid) }
}

/** The seconds of processor time that a process has taken. Throws as `usageOf` does. */
export function cpuSecondsOf(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? ''
  const [user, system] = afterName.split(' ').slice(11, 13).map(Number)
  return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND
}

/** The most memory that a process ever had at once. Throws as `usageOf` does. */
export function peakResidentBytesOf(pid: number): number {
  return bytesOf(pid, 'VmHWM')
}

function residentBytesOf(pid: number): number {
  return bytesOf(pid, 'VmRSS')
}

function bytesOf(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [, kib] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? []
  return Number(kib) * KIB
}
