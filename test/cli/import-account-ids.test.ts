import { expect, test } from 'vitest'
import { parseLines } from '../../src/cli/import-lines.ts'

async function* of(...lines: object[]) {
  for (const line of lines) yield JSON.stringify(line)
}

test('an account is imported under its number, however its platform writes it', async () => {
  const account = (platform: string, id: string) => ({
    ...{ type: 'account', workspace_id: 'w', platform, platform_account_id: id },
  })
  const urn = 'urn:li:organization:123456'
  const { records, problems } = await parseLines(
    of(account('linkedin', urn), account('linkedin', '123456'), account('tiktok', urn)),
    null,
  )
  expect(problems).toEqual([])
  const ids = records.account.map(({ record }) => record.platformAccountId)
  expect(ids).toEqual(['123456', '123456', urn])
})
