/** What a publication is, as its platform shows it. */
export const CONTENT_TYPES = [
  'text',
  'link',
  'image',
  'carousel',
  'video',
  'reel',
  'short',
  'story',
  'other',
] as const

/** One of the kinds of content, lower case as it is stored and imported. */
export type ContentType = (typeof CONTENT_TYPES)[number]

/** The kinds whose publications have a video record and video metrics. */
export const VIDEO_CONTENT_TYPES = ['video', 'reel', 'short'] as const satisfies ContentType[]

/** Whether a publication of this kind has a video record and video metrics. */
export function isVideoContent(type: ContentType): boolean {
  return (VIDEO_CONTENT_TYPES as readonly ContentType[]).includes(type)
}
