import type { Platform } from '../domain/platform.ts'
import type { AccountPlan, SimulatedAccount } from './account.ts'
import type { PlatformWorld } from './platform-world.ts'

interface Brand {
  brand: string
  displayName: string
  /** How many hours after the first brand this one tells its stories. */
  delayHours: number
  views: number
  topEvery: number
  topViews: number
  followersPerDay: number
  accounts: { platform: Platform; platformAccountId: string; followers: number }[]
}

const BRANDS: readonly Brand[] = [
  {
    brand: 'tarnandtide',
    displayName: 'Tarn & Tide',
    delayHours: 0,
    views: 2_400_000,
    topEvery: 20,
    topViews: 4_200_000_000,
    followersPerDay: 61_000,
    accounts: [
      { platform: 'x', platformAccountId: '1483920117645213697', followers: 3_140_000 },
      {
        platform: 'tiktok',
        platformAccountId: '5f0c9d1e-7b42-4c8a-9e35-2a6d10f7b843',
        followers: 38_210_000,
      },
      { platform: 'instagram', platformAccountId: '17841406338207715', followers: 12_450_000 },
      { platform: 'linkedin', platformAccountId: '18402257', followers: 286_000 },
      { platform: 'youtube', platformAccountId: 'UCq7Tn2vXk0bWd9LrE4sYg1A', followers: 2_230_000 },
      { platform: 'facebook', platformAccountId: '100063812447095', followers: 8_120_000 },
    ],
  },
  {
    brand: 'pellumbikes',
    displayName: 'Pellum Bikes',
    delayHours: 5.35,
    views: 310_000,
    topEvery: 0,
    topViews: 0,
    followersPerDay: 30_000,
    accounts: [
      { platform: 'x', platformAccountId: '1271505823917031424', followers: 412_000 },
      {
        platform: 'tiktok',
        platformAccountId: 'c27a4b80-13de-4f69-8a51-e9b7f4d2066c',
        followers: 1_930_000,
      },
      { platform: 'instagram', platformAccountId: '17841410922764183', followers: 860_000 },
      { platform: 'linkedin', platformAccountId: '42917306', followers: 57_300 },
      { platform: 'youtube', platformAccountId: 'UCf3Zh8pJm6cQa5RtU2wNi0B', followers: 184_000 },
      { platform: 'facebook', platformAccountId: '100071905338264', followers: 540_000 },
    ],
  },
  {
    brand: 'osskartea',
    displayName: 'Osskar Tea',
    delayHours: 10.7,
    views: 58_000,
    topEvery: 0,
    topViews: 0,
    followersPerDay: 18_000,
    accounts: [
      { platform: 'x', platformAccountId: '1702288410596974593', followers: 41_200 },
      {
        platform: 'tiktok',
        platformAccountId: '9e13f6a2-58c4-4b07-b2d8-07c5e81a3f9d',
        followers: 196_000,
      },
      { platform: 'instagram', platformAccountId: '17841452071930846', followers: 88_400 },
      { platform: 'linkedin', platformAccountId: '90655183', followers: 6_150 },
      { platform: 'youtube', platformAccountId: 'UCd1Kx5gMo4eSb7VyH9jPl3C', followers: 23_700 },
      { platform: 'facebook', platformAccountId: '100084417720593', followers: 61_900 },
    ],
  },
]

/** Three invented brands, each on every platform there is, telling the same stories. */
export function defaultPlans(): AccountPlan[] {
  return BRANDS.flatMap(({ accounts, ...brand }) =>
    accounts.map((account) => ({
      ...brand,
      ...account,
      handle: brand.brand,
      jitterHours: 2,
      hasChatter: true,
      hasShortPages: true,
    })),
  )
}

/** A plan with every choice made. */
export function completePlan(
  plan: AccountPlan,
  index: number,
  platform: PlatformWorld,
): SimulatedAccount {
  return {
    displayName: plan.handle,
    brand: plan.handle,
    publications: 48,
    everyHours: 16,
    jitterHours: 0,
    delayHours: 0,
    followers: 10_000,
    followersPerDay: 20_000,
    views: 50_000,
    topEvery: 0,
    topViews: 0,
    scopes: platform.scopes,
    numbers: {},
    withheld: [],
    content: () => ({}),
    isProtected: false,
    isSuspended: false,
    hidesLikes: false,
    hasChatter: false,
    hasShortPages: false,
    ...plan,
    newestAt: plan.newestAt ?? null,
    convertedAt: plan.convertedAt ?? null,
    index,
    avatarUrl: `https://media.example/avatars/${plan.handle}.jpg`,
  }
}
