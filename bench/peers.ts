import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'peers')
const LOCK = join(FOLDER, 'package-lock.json')
const INSTALLED = join(FOLDER, 'node_modules/.installed-lock.json')

/** Installs the servers that Weir is measured against, unless they are installed as locked. */
export function installPeers(): void {
  if (existsSync(INSTALLED) && readFileSync(INSTALLED).equals(readFileSync(LOCK))) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    ...{ cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] },
  })
  if (status !== 0) throw new Error(`"npm ci" in ${FOLDER} failed.`)
  copyFileSync(LOCK, INSTALLED)
}
